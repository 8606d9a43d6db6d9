// Everything that a post can stand in, made of a random world by SQL: lists, counts, searches, notifications.
import type pg from 'pg';
import type { CollectionId } from '../../src/collections/collection.entity.js';
import { newId } from '../../src/platform/ids.js';
import {
  insertRows,
  type RandomItem,
  type RandomPerson,
  type RandomWorld,
} from './random-world.js';

const NOW = new Date();
/** Hashtag of every post. */
export const HASHTAG = { id: newId<'hashtag'>(NOW), name: 'kites' };
/** Place of every post. */
export const PLACE = newId<'place'>(NOW);
/** What is made of a world: one of everything that a post can stand in. */
export interface Furniture {
  /** Of each person, with all posts of everybody. */
  readonly collections: readonly { readonly id: CollectionId; readonly owner: RandomPerson }[];
}

/** Posts of a world. */
export const posts = ({ items }: RandomWorld) => items.filter(({ root }) => root === null);
/** Comments of a world. */
export const comments = ({ items }: RandomWorld) => items.filter(({ root }) => root !== null);

/** Every third post has been reposted and bookmarked by somebody; of each person other ones. */
export function isKept(world: RandomWorld, item: RandomItem, person: RandomPerson): boolean {
  return (posts(world).indexOf(item) + world.people.indexOf(person)) % 3 === 0;
}

/** What a comment answers, if it is another one. */
export function parentOf({ items }: RandomWorld, { parent }: RandomItem): string | null {
  return parent === null ? null : items[parent]!.id;
}

/** Comments that answer their post. */
export const firstLevel = (world: RandomWorld): readonly RandomItem[] =>
  comments(world).filter((item) => parentOf(world, item) === null);

const of = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** Puts every post of a world wherever a post can stand, and tells everybody of everything. */
export async function furnish(client: pg.Client, world: RandomWorld): Promise<Furniture> {
  const insert = (table: string, rows: readonly object[]) => insertRows(client, table, rows);
  const ids = of(posts(world));
  const created_at = NOW;
  const times = { created_at, updated_at: NOW };
  const collections = world.people.map((owner) => ({ id: newId<'collection'>(NOW), owner }));
  await client.query(
    `update actors set is_indexable = true, is_discoverable = true where id = any($1)`,
    [of(world.people)],
  );
  await insert('hashtags', [{ ...HASHTAG, display_name: 'Kites', created_at }]);
  await insert(
    'post_hashtags',
    ids.map((post_id) => ({ hashtag_id: HASHTAG.id, post_id })),
  );
  await insert('places', [PLACE_ROW]);
  await client.query(
    `update posts set place_id = $1, pinned_at = case when archived_at is null then $2::timestamptz end, content_html = '<p>A kite</p>',
       quoted_id = case when id <> $3 then $3::uuid end where kind <> 'comment'`,
    [PLACE, NOW, ids[0]],
  );
  await insert(
    'post_counts',
    world.items.map(({ id, root }) => ({
      post_id: id,
      root_id: root === null ? null : world.items[root]!.id,
      top_rank: root === null ? null : 1,
    })),
  );
  await client.query(
    `insert into post_documents (post_id, is_open, document)
     select id, visibility = 'PUBLIC', to_tsvector('simple', 'a kite') from posts where kind <> 'comment'`,
  );
  await insert(
    'trending_posts',
    ids.map((post_id) => ({
      post_id,
      score: 1,
      reactions: 1,
      comments: 1,
      reposts: 0,
      computed_at: NOW,
    })),
  );
  await insert(
    'pinned_comments',
    firstLevel(world).map(({ id, root }) => ({
      comment_id: id,
      post_id: world.items[root!]!.id,
      pinned_at: NOW,
    })),
  );
  await insert(
    'collections',
    collections.map(({ id, owner }) => ({
      id,
      owner_id: owner.id,
      title: 'All',
      description_html: '',
      description_source: '',
      visibility: 'PUBLIC',
      is_highlighted: false,
      ...times,
    })),
  );
  await insert(
    'collection_items',
    collections.flatMap(({ id }) =>
      ids.map((post_id, position) => ({ collection_id: id, post_id, position: position + 1 })),
    ),
  );
  const media = posts(world).flatMap(({ id, author }) =>
    world.people.map(({ id: tagged }) => ({
      id: newId<'media'>(NOW),
      owner_id: world.people[author]!.id,
      post_id: id,
      tagged,
    })),
  );
  await insert(
    'media',
    media.map(({ id, owner_id }) => ({
      id,
      owner_id,
      kind: 'image',
      purpose: 'POST',
      state: 'READY',
      mime_type: 'image/jpeg',
      ...times,
    })),
  );
  await insert(
    'post_media',
    media.map(({ id, post_id }, position) => ({ post_id, media_id: id, position })),
  );
  await insert(
    'photo_tags',
    media.map(({ id, post_id, tagged }) => ({
      id: newId(NOW),
      post_id,
      media_id: id,
      actor_id: tagged,
      x: 0,
      y: 0,
      state: 'APPROVED',
      created_at,
    })),
  );
  for (const person of world.people) {
    const { id: actor_id } = person;
    const kept = of(posts(world).filter((item) => isKept(world, item, person)));
    await insert(
      'reposts',
      kept.map((post_id) => ({ id: newId(NOW), post_id, actor_id, created_at })),
    );
    await insert(
      'bookmarks',
      kept.map((post_id) => ({ id: newId(NOW), owner_id: actor_id, post_id, created_at })),
    );
    await insert(
      'reactions',
      kept.map((post_id) => ({ id: newId(NOW), actor_id, post_id, content: '❤', created_at })),
    );
    await insert(
      'notifications',
      world.items.map(({ id }) => ({
        id: newId(NOW),
        recipient_id: actor_id,
        kind: 'MENTION',
        group_key: id,
        post_id: id,
        detail: {},
        has_actors: false,
        actor_count: 0,
        position: newId(NOW),
        happened_at: NOW,
      })),
    );
  }
  return { collections };
}

const PLACE_ROW = {
  id: PLACE,
  name: 'Kite Bay',
  country_code: 'CH',
  latitude: 0,
  longitude: 0,
  population: 1,
  timezone: 'UTC',
  names_folded: 'kite bay',
};
