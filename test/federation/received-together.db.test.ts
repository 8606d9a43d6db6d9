// Activities that are carried out together: one that the database refuses holds up nobody, and nothing of it is kept.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy } from '../support/activities.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { openNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

// As a fault of ours would: whatever the bad one does, PostgreSQL refuses at the end of it.
const REFUSE = statement(
  'test.refuse',
  `create function refuse_bad() returns trigger language plpgsql as $$ begin
     if exists (select from actors where id = new.author_id and username = 'bad') then raise 'bad' using errcode = '22023'; end if;
     return new; end $$`,
);
const TRIGGER = statement(
  'test.trigger',
  'create trigger refuse_bad after insert on posts for each row execute function refuse_bad()',
);
const COMMENTERS = statement(
  'test.commenters',
  `select a.username from posts c join actors a on a.id = c.author_id where c.kind = 'comment' order by 1`,
);
const COUNTS = statement(
  'test.counts',
  'select comments, likes from post_counts where post_id = $1',
);
const LEFT = statement(
  'test.left',
  'select actor_uri as "actorUri", is_apart as "isApart" from received_activities where handled_at is null',
);

let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

test('one that the database refuses is tried apart, and all others of the batch are carried out', async () => {
  const { database } = world.services;
  const postId = innerId(await publish(world, ada));
  const postUri = `https://a.example/posts/${postId}`;
  const actors = ['anna', 'bad', 'cleo', 'dora'].map((name) => peer.actor(name));
  // Known first: whoever is unknown has to be asked for, and that is done apart in any case.
  for (const actor of actors) await peer.send(world, actor, activityBy(actor, 'Like', postUri));
  await world.settle();
  await database.rows(REFUSE);
  await database.rows(TRIGGER);
  for (const actor of actors) {
    const note = answerBy(actor, postUri);
    await peer.send(world, actor, activityBy(actor, 'Create', note));
  }
  await world.settle();
  const names = await database.rows<{ username: string }>(COMMENTERS);
  expect(names.map(({ username }) => username)).toEqual(['anna', 'cleo', 'dora']);
  expect(await database.rows(COUNTS, [postId])).toEqual([{ comments: 3, likes: 4 }]);
  expect(await database.rows(LEFT)).toEqual([
    { actorUri: expect.stringContaining('bad'), isApart: true },
  ]);
});
