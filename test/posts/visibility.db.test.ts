// The rule of who sees what: SQL and code give the same answer in random worlds, for everybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import type { Reader } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import {
  canSee,
  commentVisibleTo,
  postListedTo,
  postVisibleTo,
  visibleTo,
} from '../../src/posts/visibility.js';
import { findSubjectFacts } from '../../src/posts/visibility.queries.js';
import { findHomePage, findListPage } from '../../src/timelines/timelines.queries.js';
import { freshDatabase } from '../support/database.js';
import {
  factsOf,
  insertRows,
  readerOf,
  settleWorld,
  worlds,
  type RandomPerson,
  type RandomWorld,
} from '../support/random-world.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let client: pg.Client;
let reader: Reader;

beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  reader = readerOf(client);
});

afterAll(async () => {
  await client.end();
  await database[Symbol.asyncDispose]();
});

test('R28 SQL and code agree for every onlooker and every post and comment of 150 random worlds', async () => {
  let shown = 0;
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      await client.query('begin');
      try {
        await settleWorld(client, world);
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
  expect(shown).toBeGreaterThan(250);
  expect(hidden).toBeGreaterThan(250);
});

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
async function seenInSql(world: RandomWorld, viewer: RandomPerson | null): Promise<Set<string>> {
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
  world: RandomWorld,
  viewer: RandomPerson,
  listed: ReadonlySet<string>,
): Promise<void> {
  const list_id = newId<'list'>(new Date());
  const hashtag_id = newId<'hashtag'>(new Date());
  const now = new Date();
  const owned = { owner_id: viewer.id, created_at: now, updated_at: now };
  await insertRows(client, 'actor_lists', [
    { id: list_id, title: 'All', is_exclusive: false, ...owned },
  ]);
  const others = world.people.filter(({ id }) => id !== viewer.id);
  await insertRows(
    client,
    'actor_list_members',
    others.map(({ id }) => ({ list_id, actor_id: id, id: newId(now), added_at: now })),
  );
  const name = hashtag_id;
  await insertRows(client, 'hashtags', [
    { id: hashtag_id, name, display_name: name, created_at: now },
  ]);
  const follow = { follower_id: viewer.id, hashtag_id, id: newId(now), display_name: name };
  await insertRows(client, 'followed_hashtags', [{ ...follow, followed_at: now }]);
  const posts = world.items.filter(({ root }) => root === null);
  await insertRows(
    client,
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

async function idsOf(condition: string, viewer: RandomPerson | null): Promise<Set<string>> {
  const result = await client.query<{ id: string }>(
    `select p.id from posts p join actors author on author.id = p.author_id where ${condition}`,
    [viewer?.id ?? null],
  );
  return new Set(result.rows.map(({ id }) => id));
}
