// Letting go while somebody does something else: pins, switching it off, two runs, more than one run deletes.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { untilLockWait } from '../support/lock-wait.js';
import { innerId, publish } from '../support/posts.js';
import { applyRetention, DAY, sendRetention } from '../support/retention.js';
import { runScheduled } from '../support/scheduled.js';
import { tell } from '../support/stories.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000', SESSION_IDLE_DAYS: '3650' });
});

afterAll(() => world[Symbol.asyncDispose]());

const LEFT = statement(
  'test.retention_races.left',
  `select count(*)::int as count from posts where author_id = $1 and deleted_at is null and kind <> 'comment'`,
);
const DELETED = statement(
  'test.deleted_events',
  `select count(*)::int as count from events where name = 'postDeleted' and payload ->> 'authorId' = $1`,
);

const countOf = async (query: typeof LEFT, who: Person): Promise<number> =>
  (await world.services.database.row<{ count: number }>(query, [who.actorId]))!.count;

/** Somebody with old posts, whose rules let them go. */
async function collector(name: string, posts: number): Promise<{ who: Person; ids: string[] }> {
  const who = await world.local(name);
  const ids: string[] = [];
  for (let made = 0; made < posts; made++) ids.push(await publish(world, who));
  await sendRetention(who, { postDays: 7, storyDays: 7 });
  world.clock.advance(10 * DAY);
  return { who, ids };
}

/** Runs the job; while it waits for the lock of an open transaction, that does something and commits. */
async function whileItWaits(lock: string, id: string, deed: string, also = async () => {}) {
  const { database } = world.services;
  const connection = await database.pool.connect();
  try {
    await connection.query('begin');
    await connection.query(lock, [id]);
    const run = runScheduled(world, 'applyRetention');
    const isWaiting = await untilLockWait(database, run);
    await also();
    if (deed !== '') await connection.query(deed, [id]);
    await connection.query('commit');
    await run;
    expect(isWaiting).toBe(true);
  } finally {
    connection.release();
  }
  await world.settle();
}

/** So many posts more, as old as the one that is there: publishing them one by one takes long. */
async function copyPosts(who: Person, copies: number): Promise<void> {
  await world.services.database.pool.query(
    `with copied as (
       insert into posts (id, kind, author_id, is_local, uri, url, content_html, visibility, published_at)
       select id, 'photo', $1, true, 'https://a.example/copies/' || id, '', '', 'PUBLIC', published_at
       from (select uuidv7() as id, published_at from posts, generate_series(1, $2::int) where author_id = $1) made
       returning id),
     counted as (insert into post_counts (post_id) select id from copied)
     update actor_counts set posts = posts + $2 where actor_id = $1`,
    [who.actorId, copies],
  );
}

const HOLD_POST = 'select from post_counts where post_id = $1 for update';
const REFER_TO_POST = 'select from posts where id = $1 for key share';
const REFER_TO_STORY = 'select from stories where id = $1 for key share';

test('a post that is pinned while the run waits for it stays', async () => {
  const { who, ids } = await collector('ada', 2);
  await whileItWaits(
    HOLD_POST,
    innerId(ids[0]!),
    'update posts set pinned_at = now() where id = $1',
  );
  expect(await countOf(LEFT, who)).toBe(1);
});

test('a post that is put into a collection while the run waits for it stays', async () => {
  const { who, ids } = await collector('ben', 1);
  const made = await who.graphql<{ saveCollection: { collection: { id: string } } }>(
    'mutation { saveCollection(input: { title: "Best" }) { collection { id } } }',
  );
  const collectionId = innerId(made.data.saveCollection.collection.id);
  await whileItWaits(
    REFER_TO_POST,
    innerId(ids[0]!),
    `insert into collection_items (collection_id, post_id, position) values ('${collectionId}', $1, 1)`,
  );
  expect(await countOf(LEFT, who)).toBe(1);
});

test('a story that comes into a highlight while the run waits for it stays', async () => {
  const { who } = await collector('cal', 0);
  const kept = await tell(world, who);
  const made = await who.graphql<{ saveHighlight: { highlight: { id: string } } }>(
    'mutation { saveHighlight(input: { title: "Summer" }) { highlight { id } } }',
  );
  const highlightId = innerId(made.data.saveHighlight.highlight.id);
  world.clock.advance(10 * DAY);
  await whileItWaits(
    REFER_TO_STORY,
    innerId(kept),
    `insert into highlight_items (highlight_id, story_id, position) values ('${highlightId}', $1, 1)`,
  );
  const there = statement(
    'test.stories',
    'select count(*)::int as count from stories where author_id = $1',
  );
  expect(await countOf(there, who)).toBe(1);
});

test('nothing goes any more once switching it off was answered, also in the middle of a run', async () => {
  const { who, ids } = await collector('dot', 5);
  await whileItWaits(HOLD_POST, innerId(ids[2]!), '', async () => {
    expect((await sendRetention(who, { postDays: null })).userErrors).toEqual([]);
    expect(await countOf(LEFT, who)).toBe(3);
  });
  expect(await countOf(LEFT, who)).toBe(3);
});

test('nothing goes any more once the account is suspended, also in the middle of a run', async () => {
  const { who, ids } = await collector('eve', 3);
  const suspend = statement(
    'test.retention_races.suspend',
    `update accounts set state = 'SUSPENDED' where id = $1`,
  );
  await whileItWaits(HOLD_POST, innerId(ids[1]!), '', async () => {
    await world.services.database.rows(suspend, [who.accountId]);
  });
  expect(await countOf(LEFT, who)).toBe(2);
});

test('a pin that was answered holds, whenever the run comes', async () => {
  const { who, ids } = await collector('fox', 6);
  const pin = (postId: string) =>
    who.graphql<{ setPostPinned: { userErrors: { code: string }[] } }>(
      'mutation ($id: ID!) { setPostPinned(input: { postId: $id, pinned: true }) { userErrors { code } } }',
      { id: postId },
    );
  const [answers] = await Promise.all([
    Promise.all(ids.map(pin)),
    runScheduled(world, 'applyRetention'),
  ]);
  const codes = answers.map(({ data }) => data.setPostPinned.userErrors.map(({ code }) => code));
  const pinned = codes.filter((refusals) => refusals.length === 0).length;
  expect(codes.flat().every((code) => code === 'NOT_FOUND')).toBe(true);
  expect(await countOf(LEFT, who)).toBe(pinned);
});

test('two runs at once delete each post once, and the counter is right', async () => {
  const { who } = await collector('gus', 12);
  const young = await publish(world, who);
  await Promise.all([
    runScheduled(world, 'applyRetention'),
    runScheduled(world, 'applyRetention'),
    runScheduled(world, 'applyRetention'),
  ]);
  await world.settle();
  expect([await countOf(LEFT, who), await countOf(DELETED, who)]).toEqual([1, 12]);
  const seen = await who.graphql(
    '{ viewer { actor { counts { posts } posts(first: 5) { nodes { id } } } } }',
  );
  expect(seen.data['viewer']).toEqual({
    actor: { counts: { posts: 1 }, posts: { nodes: [{ id: young }] } },
  });
});

test('a run deletes up to its bound, and the next one goes on', async () => {
  const { who } = await collector('hal', 1);
  await copyPosts(who, 202);
  const { who: next } = await collector('ivy', 1);
  await applyRetention(world);
  // Whoever comes behind does not wait for all of it.
  expect([await countOf(LEFT, who), await countOf(LEFT, next)]).toEqual([3, 0]);
  await applyRetention(world);
  expect(await countOf(LEFT, who)).toBe(0);
  await publish(world, who);
  await applyRetention(world);
  expect(await countOf(DELETED, who)).toBe(203);
});

test('a post that cannot be deleted holds up no other', async () => {
  const { who, ids } = await collector('jon', 3);
  const { database } = world.services;
  await database.pool.query(`create function refuse() returns trigger language plpgsql as
    $$ begin if old.id = '${innerId(ids[1]!)}' then raise 'broken'; end if; return new; end $$`);
  await database.pool.query(
    'create trigger refuse before update on posts for each row execute function refuse()',
  );
  await applyRetention(world);
  expect(await countOf(LEFT, who)).toBe(1);
  await database.pool.query('drop trigger refuse on posts');
  world.clock.advance(DAY + 1);
  await applyRetention(world);
  expect(await countOf(LEFT, who)).toBe(0);
});
