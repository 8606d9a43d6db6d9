// Random worlds of people who follow, block and mention each other, and of what they wrote, for the rule of who sees what.
import fc from 'fast-check';
import type pg from 'pg';
import { ACTOR_STATUSES, type ActorId, type ActorStatus } from '../../src/actors/actor.entity.js';
import { VISIBILITIES, type Visibility } from '../../src/actors/visibility.js';
import type { Reader } from '../../src/platform/db/database.js';
import { questionsValue } from '../../src/platform/db/for-many.js';
import { newId } from '../../src/platform/ids.js';
import type { Narrowing } from '../../src/posts/comment-visibility.js';
import type { PostKind } from '../../src/posts/post.entity.js';
import { canSee, type AudienceFacts, type VisibilityFacts } from '../../src/posts/visibility.js';

/** Somebody of a world. */
export interface RandomPerson {
  readonly id: ActorId;
  readonly isLocal: boolean;
  readonly status: ActorStatus;
}

/** A post or comment of a world. */
export interface RandomItem {
  readonly id: string;
  readonly author: number;
  readonly kind: PostKind;
  readonly visibility: Visibility;
  readonly isDeleted: boolean;
  readonly isArchived: boolean;
  readonly mentioned: readonly number[];
  /** Index of the post that a comment belongs to. */
  readonly root: number | null;
  /** Index of the comment that a comment answers. */
  readonly parent: number | null;
  /** Of a comment: whom it is for by itself; null = whoever sees what it answers. */
  readonly narrowedTo: Narrowing | null;
  /** Of a comment: the author of the post hid it. */
  readonly isHidden: boolean;
}

/** A world. */
export interface RandomWorld {
  readonly people: readonly RandomPerson[];
  readonly items: readonly RandomItem[];
  /** Follows as [follower, followee, accepted]. */
  readonly follows: readonly (readonly [number, number, boolean])[];
  readonly blocks: readonly (readonly [number, number])[];
}

const PEOPLE = 5;
const person = fc.nat(PEOPLE - 1);
/** Two different people, by index. */
export const pair = fc.tuple(person, person).filter(([one, other]) => one !== other);
const mostly = fc.constantFrom<ActorStatus>(
  'ACTIVE',
  'ACTIVE',
  'ACTIVE',
  ...(Object.keys(ACTOR_STATUSES) as ActorStatus[]),
);

/** Worlds in which most people are there, and anything may stand between them. */
export const worlds: fc.Arbitrary<RandomWorld> = fc
  .record({
    people: fc.array(fc.record({ isLocal: fc.boolean(), status: mostly }), {
      minLength: PEOPLE,
      maxLength: PEOPLE,
    }),
    posts: fc.array(
      fc.record({
        author: person,
        kind: fc.constantFrom<PostKind>('photo', 'video', 'text'),
        visibility: fc.constantFrom(...(Object.keys(VISIBILITIES) as Visibility[])),
        isDeleted: fc.constantFrom(false, false, false, true),
        isArchived: fc.constantFrom(false, false, false, true),
        mentioned: fc.uniqueArray(person, { maxLength: 2 }),
      }),
      { minLength: 4, maxLength: 8 },
    ),
    comments: fc.array(
      fc.record({
        author: person,
        isDeleted: fc.constantFrom(false, false, false, true),
        root: fc.nat(1),
        mentioned: fc.uniqueArray(person, { maxLength: 1 }),
        isHidden: fc.constantFrom(false, false, true),
        narrowedTo: fc.constantFrom<Narrowing | null>(null, null, 'FOLLOWERS', 'MENTIONED'),
      }),
      { minLength: 4, maxLength: 10 },
    ),
    follows: fc.uniqueArray(fc.tuple(pair, fc.boolean()), {
      maxLength: 8,
      selector: ([edge]) => edge.join(),
    }),
    blocks: fc.uniqueArray(pair, { maxLength: 3, selector: (edge) => edge.join() }),
  })
  .map(({ people, posts, comments, follows, blocks }) => ({
    people: people.map((one) => ({ ...one, id: newId<'actor'>(new Date()) })),
    items: [
      ...posts.map((post) => ({
        ...post,
        id: newId<'post'>(new Date()),
        root: null,
        parent: null,
        narrowedTo: null,
        isHidden: false,
      })),
      ...comments.map((comment, place) => ({
        ...comment,
        parent: parentAt(comments, place, posts.length),
        kind: 'comment' as const,
        isArchived: false,
        visibility: posts[comment.root]!.visibility,
        id: newId<'comment'>(new Date()),
      })),
    ],
    follows: follows.map(([[one, other], accepted]) => [one, other, accepted] as const),
    blocks,
  }));

/** Every second comment answers the last of the others before it on the same post, if there is one. */
function parentAt(
  comments: readonly { readonly root: number }[],
  place: number,
  first: number,
): number | null {
  if (place % 2 === 0) return null;
  const before = comments.findLastIndex(
    ({ root }, index) => root === comments[place]!.root && index < place && index % 2 === 0,
  );
  return before === -1 ? null : first + before;
}

/** An item and those above it, as far as each is for fewer people than see the post. */
export function narrowingsOf(world: RandomWorld, item: RandomItem): readonly RandomItem[] {
  const above = item.parent === null ? [] : narrowingsOf(world, world.items[item.parent]!);
  return item.narrowedTo === null ? above : [...above, item];
}

/** What the rule needs to know of an item and somebody who looks; null = anonymous. */
export function factsOf(
  world: RandomWorld,
  item: RandomItem,
  viewer: RandomPerson | null,
): VisibilityFacts {
  const author = world.people[item.author]!;
  const me = viewer ? world.people.indexOf(viewer) : -1;
  const root = item.root === null ? null : world.items[item.root]!;
  return {
    ...audienceOf(world, item, me),
    authorStatus: author.status,
    isDeleted: item.isDeleted,
    isArchived: item.isArchived,
    isBlocked: world.blocks.some(
      ([one, other]) =>
        (one === me && other === item.author) || (one === item.author && other === me),
    ),
    narrowings: narrowingsOf(world, item).map((one) => ({
      ...audienceOf(world, one, me),
      visibility: one.narrowedTo!,
    })),
    isHidden: item.isHidden,
    root: root && factsOf(world, root, viewer),
  };
}

function audienceOf(world: RandomWorld, item: RandomItem, me: number): AudienceFacts {
  return {
    authorId: world.people[item.author]!.id,
    visibility: item.visibility,
    isFollower: world.follows.some(
      ([one, other, accepted]) => one === me && other === item.author && accepted,
    ),
    isMentioned: item.mentioned.includes(me),
  };
}

/** The rule itself: what somebody of a world may see. */
export function maySee(world: RandomWorld, item: RandomItem, viewer: RandomPerson | null): boolean {
  const onlooker = viewer && { actorId: viewer.id, isLocal: viewer.isLocal };
  return canSee(onlooker, factsOf(world, item, viewer));
}

/** The URI of a post or comment. */
export function uriOf({ id }: RandomItem): string {
  return `https://a.example/posts/${id}`;
}

/** Words that only this person says. */
export function wordsOf({ id }: RandomPerson): string {
  return `words-of-${id}`;
}

/** Writes a world into a database that has none. */
export async function settleWorld(client: pg.Client, world: RandomWorld): Promise<void> {
  const now = new Date();
  await insertRows(
    client,
    'actors',
    world.people.map(({ id, isLocal, status }) => ({
      id,
      status,
      username: id,
      domain: isLocal ? null : 'b.example',
      uri: `https://a.example/actors/${id}`,
      url: `https://a.example/@${id}`,
      joined_at: now,
      updated_at: now,
    })),
  );
  await insertRows(
    client,
    'posts',
    world.items.map((item) => ({
      id: item.id,
      kind: item.kind,
      author_id: world.people[item.author]!.id,
      root_id: item.root === null ? null : world.items[item.root]!.id,
      parent_id: item.parent === null ? null : world.items[item.parent]!.id,
      hidden_through: item.isHidden ? item.id : null,
      narrowed_to: item.narrowedTo,
      narrowed_through: idsOf(narrowingsOf(world, item)),
      is_local: true,
      uri: uriOf(item),
      url: uriOf(item),
      content_html: wordsOf(world.people[item.author]!),
      content_source: wordsOf(world.people[item.author]!),
      visibility: item.visibility,
      published_at: now,
      deleted_at: item.isDeleted ? now : null,
      archived_at: item.isArchived ? now : null,
    })),
  );
  await insertRows(
    client,
    'post_mentions',
    world.items.flatMap((item) =>
      item.mentioned.map((one) => ({ post_id: item.id, actor_id: world.people[one]!.id })),
    ),
  );
  await insertRows(
    client,
    'follows',
    world.follows.map(([one, other, accepted]) => ({
      follower_id: world.people[one]!.id,
      followee_id: world.people[other]!.id,
      id: newId(now),
      state: accepted ? 'ACCEPTED' : 'REQUESTED',
      requested_at: now,
      accepted_at: accepted ? now : null,
    })),
  );
  await insertRows(
    client,
    'blocks',
    world.blocks.map(([one, other]) => ({
      blocker_id: world.people[one]!.id,
      blocked_id: world.people[other]!.id,
      id: newId(now),
      created_at: now,
    })),
  );
}

function idsOf(items: readonly RandomItem[]): string[] | null {
  return items.length === 0 ? null : items.map(({ id }) => id);
}

/** Writes rows of a table as objects by column; what is left out has its default. */
export async function insertRows(
  client: pg.Client,
  table: string,
  rows: readonly object[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  if (columns === '') return;
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** Asks through one connection, so that what is asked sees its transaction. */
export function readerOf(client: pg.Client): Reader {
  return {
    rows: async (query, values = []) =>
      (await client.query({ ...query, values: [...values] })).rows,
    row: async (query, values = []) =>
      (await client.query({ ...query, values: [...values] })).rows[0] ?? null,
    ask: async ({ name, text }, question) =>
      (await client.query({ name, text, values: [questionsValue([question])] })).rows,
  };
}
