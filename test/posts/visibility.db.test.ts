// The rule of who sees what: SQL and code give the same answer in random worlds, for everybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { ACTOR_STATUSES, type ActorId, type ActorStatus } from '../../src/actors/actor.entity.js';
import { VISIBILITIES, type Visibility } from '../../src/actors/visibility.js';
import type { Reader } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import {
  canSee,
  commentVisibleTo,
  postListedTo,
  postVisibleTo,
  visibleTo,
  type VisibilityFacts,
} from '../../src/posts/visibility.js';
import { findSubjectFacts } from '../../src/posts/visibility.queries.js';
import { findHomePage, findListPage } from '../../src/timelines/timelines.queries.js';
import { freshDatabase } from '../support/database.js';

interface Person {
  readonly id: ActorId;
  readonly isLocal: boolean;
  readonly status: ActorStatus;
}

interface Item {
  readonly id: string;
  readonly author: number;
  readonly visibility: Visibility;
  readonly isDeleted: boolean;
  readonly isArchived: boolean;
  readonly mentioned: readonly number[];
  /** Index of the post that a comment belongs to. */
  readonly root: number | null;
  /** Of a comment: the author of the post hid it. */
  readonly isHidden: boolean;
}

interface World {
  readonly people: readonly Person[];
  readonly items: readonly Item[];
  /** Follows as [follower, followee, accepted]. */
  readonly follows: readonly (readonly [number, number, boolean])[];
  readonly blocks: readonly (readonly [number, number])[];
}

const PEOPLE = 5;
const person = fc.nat(PEOPLE - 1);
const pair = fc.tuple(person, person).filter(([one, other]) => one !== other);
const mostly = fc.constantFrom<ActorStatus>(
  'ACTIVE',
  'ACTIVE',
  'ACTIVE',
  ...(Object.keys(ACTOR_STATUSES) as ActorStatus[]),
);

const worlds: fc.Arbitrary<World> = fc
  .record({
    people: fc.array(fc.record({ isLocal: fc.boolean(), status: mostly }), {
      minLength: PEOPLE,
      maxLength: PEOPLE,
    }),
    posts: fc.array(
      fc.record({
        author: person,
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
        isDeleted: fc.constantFrom(false, false, true),
        root: fc.nat(3),
        mentioned: fc.uniqueArray(person, { maxLength: 1 }),
        isHidden: fc.boolean(),
      }),
      { minLength: 2, maxLength: 6 },
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
        isHidden: false,
      })),
      ...comments.map((comment) => ({
        ...comment,
        isArchived: false,
        visibility: posts[comment.root]!.visibility,
        id: newId<'comment'>(new Date()),
      })),
    ],
    follows: follows.map(([[one, other], accepted]) => [one, other, accepted] as const),
    blocks,
  }));

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
let reader: Reader;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  reader = {
    rows: async (query, values = []) =>
      (await client.query({ ...query, values: [...values] })).rows,
    row: async (query, values = []) =>
      (await client.query({ ...query, values: [...values] })).rows[0] ?? null,
  };
});

afterAll(async () => {
  await client.end();
  await database[Symbol.asyncDispose]();
});

test('SQL and code agree for every onlooker and every post and comment of 150 random worlds', async () => {
  let shown = 0;
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await client.query('begin');
      try {
        await settle(world);
        for (const viewer of [null, ...world.people]) {
          const inSql = await seenInSql(world, viewer);
          const onlooker = viewer && { actorId: viewer.id, isLocal: viewer.isLocal };
          const loaded = await findSubjectFacts(
            reader,
            world.items.map(({ id }) => id),
            viewer?.id ?? null,
          );
          for (const item of world.items) {
            const expected = canSee(onlooker, factsOf(world, item, viewer));
            expect({ item, viewer, seen: inSql.has(item.id) }).toEqual({
              item,
              viewer,
              seen: expected,
            });
            expect(canSee(onlooker, loaded.get(item.id)!)).toBe(expected);
            if (expected) shown++;
            else hidden++;
          }
        }
      } finally {
        await client.query('rollback');
      }
    }),
    { numRuns: 150 },
  );
  // Neither answer is the rule's only one: the worlds are worth their name.
  expect(shown).toBeGreaterThan(1000);
  expect(hidden).toBeGreaterThan(1000);
}, 180_000);

test('every part of the rule is an index look-up on a large table', async () => {
  await client.query('begin');
  try {
    await client.query('set local enable_seqscan = off');
    const plan = await client.query(
      `explain select id from posts p where p.author_id = '${newId(new Date())}' and p.kind <> 'comment' and ${visibleTo('p', `'${newId(new Date())}'::uuid`)}
       order by id desc limit 21`,
    );
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('posts_author');
    expect(text).not.toContain('Seq Scan');
  } finally {
    await client.query('rollback');
  }
});

/** What the three forms of the rule in SQL let through, each on the rows that it is for. */
async function seenInSql(world: World, viewer: Person | null): Promise<Set<string>> {
  const any = await idsOf(visibleTo('p', '$1::uuid'), viewer);
  const posts = await idsOf(
    `p.root_id is null and ${postVisibleTo('p', '$1::uuid', { authorStatus: 'author.status' })}`,
    viewer,
  );
  const comments = await idsOf(
    `p.root_id in (select id from posts root where ${postVisibleTo('root', '$1::uuid')}) and ${commentVisibleTo('p', '$1::uuid')}`,
    viewer,
  );
  expect([...posts, ...comments].sort()).toEqual([...any].sort());
  // Lists hold what is seen and not put away, whoever looks.
  const listed = await idsOf(`p.root_id is null and ${postListedTo('p', '$1::uuid')}`, viewer);
  const away = new Set(world.items.filter(({ isArchived }) => isArchived).map(({ id }) => id));
  expect([...listed].sort()).toEqual([...posts].filter((id) => !away.has(id)).sort());
  if (viewer) await expectTimelines(world, viewer, listed);
  return any;
}

/** A list with everybody else in it, and a home timeline that every post once came into, hold what is listed. */
async function expectTimelines(
  world: World,
  viewer: Person,
  listed: ReadonlySet<string>,
): Promise<void> {
  const list_id = newId<'list'>(new Date());
  const hashtag_id = newId<'hashtag'>(new Date());
  const now = new Date();
  const owned = { owner_id: viewer.id, created_at: now, updated_at: now };
  await insert('actor_lists', [{ id: list_id, title: 'All', is_exclusive: false, ...owned }]);
  const others = world.people.filter(({ id }) => id !== viewer.id);
  await insert(
    'actor_list_members',
    others.map(({ id }) => ({ list_id, actor_id: id, id: newId(now), added_at: now })),
  );
  const name = hashtag_id;
  await insert('hashtags', [{ id: hashtag_id, name, display_name: name, created_at: now }]);
  const follow = { follower_id: viewer.id, hashtag_id, id: newId(now), display_name: name };
  await insert('followed_hashtags', [{ ...follow, followed_at: now }]);
  const posts = world.items.filter(({ root }) => root === null);
  await insert(
    'post_hashtags',
    posts.map(({ id }) => ({ hashtag_id, post_id: id })),
  );
  await client.query(
    `insert into home_timeline_entries (owner_id, post_id, author_id, is_by_hashtag)
     select $1, id, author_id, true from posts where kind <> 'comment'`,
    [viewer.id],
  );
  const page = { size: 100, isBackward: false, from: null };
  const ofList = await findListPage(reader, viewer.id, list_id, {}, page, now);
  const ofHome = await findHomePage(reader, viewer.id, {}, page, now);
  const own = new Set<string>(
    posts.filter(({ author }) => world.people[author] === viewer).map(({ id }) => id),
  );
  const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort();
  expect(ids(ofList.rows)).toEqual([...listed].filter((id) => !own.has(id)).sort());
  expect(ids(ofHome.rows)).toEqual([...listed].sort());
}

async function idsOf(condition: string, viewer: Person | null): Promise<Set<string>> {
  const result = await client.query<{ id: string }>(
    `select p.id from posts p join actors author on author.id = p.author_id where ${condition}`,
    [viewer?.id ?? null],
  );
  return new Set(result.rows.map(({ id }) => id));
}

function factsOf(world: World, item: Item, viewer: Person | null): VisibilityFacts {
  const author = world.people[item.author]!;
  const me = viewer ? world.people.indexOf(viewer) : -1;
  const root = item.root === null ? null : world.items[item.root]!;
  return {
    authorId: author.id,
    authorStatus: author.status,
    isDeleted: item.isDeleted,
    isArchived: item.isArchived,
    isBlocked: world.blocks.some(
      ([one, other]) =>
        (one === me && other === item.author) || (one === item.author && other === me),
    ),
    visibility: item.visibility,
    isFollower: world.follows.some(
      ([one, other, accepted]) => one === me && other === item.author && accepted,
    ),
    isMentioned: item.mentioned.includes(me),
    isHidden: item.isHidden,
    root: root && factsOf(world, root, viewer),
  };
}

async function settle(world: World): Promise<void> {
  const now = new Date();
  await insert(
    'actors',
    world.people.map(({ id, isLocal, status }) => ({
      id,
      status,
      username: id,
      domain: isLocal ? null : 'b.example',
      uri: id,
      url: id,
      joined_at: now,
      updated_at: now,
    })),
  );
  await insert(
    'posts',
    world.items.map((item) => ({
      id: item.id,
      kind: item.root === null ? 'photo' : 'comment',
      author_id: world.people[item.author]!.id,
      root_id: item.root === null ? null : world.items[item.root]!.id,
      hidden_through: item.isHidden ? item.id : null,
      is_local: true,
      uri: item.id,
      url: item.id,
      visibility: item.visibility,
      published_at: now,
      deleted_at: item.isDeleted ? now : null,
      archived_at: item.isArchived ? now : null,
    })),
  );
  await insert(
    'post_mentions',
    world.items.flatMap((item) =>
      item.mentioned.map((one) => ({ post_id: item.id, actor_id: world.people[one]!.id })),
    ),
  );
  await insert(
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
  await insert(
    'blocks',
    world.blocks.map(([one, other]) => ({
      blocker_id: world.people[one]!.id,
      blocked_id: world.people[other]!.id,
      id: newId(now),
      created_at: now,
    })),
  );
}

async function insert(table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  if (columns === '') return;
  await client.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(rows)],
  );
}
