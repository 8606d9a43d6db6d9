// Rounds of many gatherings in one job: what comes within the pause waits for one planned job, and nothing is lost.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { gatherReactions } from '../../src/notifications/jobs/gather-reactions.job.js';
import { statement } from '../../src/platform/db/database.js';
import { enqueueMany } from '../../src/platform/jobs/enqueue.js';
import type { PostId } from '../../src/posts/post.entity.js';
import { notificationsOf, settlePauses } from '../support/notifications.js';
import { innerId, publish, react } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

const PLANNED = statement(
  'test.planned',
  `select j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
   where t.identifier = 'gatherReactions'`,
);
const FORGET_SINGLE = statement(
  'test.forget_single',
  `delete from graphile_worker._private_jobs where key like 'gatherReactions:%'`,
);
const MAKE_DUE = statement(
  'test.make_due_now',
  'update graphile_worker._private_jobs set run_at = now() where locked_at is null',
);

let world: World;
let ada: Person;
let posts: readonly string[];

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  ada = await world.local('ada');
  posts = [await publish(world, ada), await publish(world, ada)];
  await settlePauses(world);
  world.clock.stop();
});

afterAll(() => world[Symbol.asyncDispose]());

/** Leaves one job for both posts, as activities do that come together. */
async function likeBoth(name: string): Promise<void> {
  const { database } = world.services;
  const person = await world.local(name);
  for (const post of posts) await react(person, post, '❤');
  await database.rows(FORGET_SINGLE);
  const each = posts.map((post) => ({ subjectId: innerId(post) as PostId }));
  await database.transaction((tx) => enqueueMany(tx, new Date(), gatherReactions, each));
  await world.settle();
}

const likes = async (): Promise<number[]> =>
  (await notificationsOf(ada)).nodes.map(({ actorCount }) => actorCount);

test('within the pause one job is planned for all, once, and again where it is too early', async () => {
  const { database } = world.services;
  await likeBoth('ben');
  expect(await likes()).toEqual([1, 1]);
  expect(await database.rows(PLANNED)).toEqual([]);
  await likeBoth('cem');
  await likeBoth('dan');
  const both = posts.map((post) => ({ subjectId: innerId(post), isPlanned: true }));
  const planned = [{ payload: { each: expect.arrayContaining(both) } }];
  expect(await database.rows(PLANNED)).toEqual(planned);
  // By the clock of this process the pause is not over.
  await database.rows(MAKE_DUE);
  await world.settle();
  expect(await database.rows(PLANNED)).toEqual(planned);
  expect(await likes()).toEqual([1, 1]);
  await settlePauses(world);
  expect(await likes()).toEqual([3, 3]);
  expect(await database.rows(PLANNED)).toEqual([]);
});
