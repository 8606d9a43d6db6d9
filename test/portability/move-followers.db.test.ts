// Followers who are carried to a new account: many, twice, and with a run that was cut off in the middle.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { moveActor } from '../../src/actors/move-actor.js';
import { moveFollowers } from '../../src/portability/jobs/move-followers.job.js';
import { statement } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import { startWorld, type Person, type World } from '../support/world.js';

const FOLLOWERS = 250;
const CROWD = statement(
  'test.crowd',
  `with made as (insert into actors (id, username, uri, url, joined_at, updated_at)
     select gen_random_uuid(), 'fan' || n, 'https://a.example/fans/' || n, 'https://a.example/@fan' || n, $2, $2
     from generate_series(1, ${FOLLOWERS}) n returning id),
   counted as (insert into actor_counts (actor_id, followers, following)
     select id, 0, 1 from made union all select $1::uuid, ${FOLLOWERS}, 0
     on conflict (actor_id) do update set followers = excluded.followers returning 1)
   insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at)
   select id, $1, gen_random_uuid(), 'ACCEPTED', $2, $2 from made`,
);
const COUNTS = statement(
  'test.move_followers.counts',
  `select (select count(*)::int from follows where followee_id = $1) as follows,
     (select followers from actor_counts where actor_id = $1) as counted`,
);

let world: World;
let old: Person;
let fresh: Person;

beforeAll(async () => {
  world = await startWorld();
  [old, fresh] = [await world.local('ada'), await world.local('nada')];
  await world.services.database.rows(CROWD, [old.actorId, world.clock.now()]);
});

afterAll(() => world[Symbol.asyncDispose]());

test('every follower is carried once, whatever is cut off or done twice', async () => {
  const moving = { actorId: old.actorId, targetId: fresh.actorId };
  await world.services.database.transaction((tx) => moveActor(tx, moving, world.clock.now()));
  const piece = { moveId: newId<'move'>(world.clock.now()), ...moving, stage: 2 };
  const context = { ...world.services, jobId: '1', attempt: 1 };
  const { database } = world.services;
  let transactions = 0;
  // The process dies after 40 followers.
  const dying = Object.create(database, {
    transaction: {
      value: (work: Parameters<typeof database.transaction>[0]) => {
        transactions += 1;
        if (transactions > 40) throw new Error('cut off');
        return database.transaction(work);
      },
    },
  }) as typeof database;
  await expect(moveFollowers.run({ ...context, database: dying }, piece)).rejects.toThrow(
    'cut off',
  );
  await Promise.all([moveFollowers.run(context, piece), moveFollowers.run(context, piece)]);
  await world.settle();
  expect(await database.row(COUNTS, [old.actorId])).toEqual({ follows: 0, counted: 0 });
  expect(await database.row(COUNTS, [fresh.actorId])).toEqual({
    follows: FOLLOWERS,
    counted: FOLLOWERS,
  });
});
