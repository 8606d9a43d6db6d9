// Activities that are carried out together: one that the database refuses holds up nobody, and nothing of it is kept.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, settledUntil } from '../support/federation.js';
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
  'test.received_together.counts',
  'select comments, likes from post_counts where post_id = $1',
);
const LEFT = statement(
  'test.received_together.left',
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

const OF_TYPE = statement(
  'test.of_type',
  `select actor_uri as "actorUri", refusal, is_apart as "isApart", handled_at is not null as "isHandled" from received_activities
   where body->>'type' = $1 and actor_uri = any($2::text[]) order by actor_uri`,
);
const FOLLOWERS = statement(
  'test.followers',
  `select c.followers, (select count(*)::int from follows f where f.followee_id = c.actor_id and f.state = 'ACCEPTED') as counted
   from actor_counts c where c.actor_id = $1`,
);

test('follows are carried out together, and each of them is accepted once', async () => {
  const { database } = world.services;
  const actors = ['finn', 'gala', 'hugo'].map((name) => peer.actor(name));
  const object = `https://a.example/actors/${ada.actorId}`;
  for (const actor of actors) await peer.send(world, actor, activityBy(actor, 'Follow', object));
  await world.settle();
  const uris = actors.map(({ uri }) => uri);
  expect(await database.rows(OF_TYPE, ['Follow', uris])).toEqual(
    uris.map((actorUri) => ({ actorUri, refusal: null, isApart: false, isHandled: true })),
  );
  expect(await database.rows(FOLLOWERS, [ada.actorId])).toEqual([{ followers: 3, counted: 3 }]);
  const answers = peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as { type: string; object: { actor: string } })
    .filter(({ type }) => type === 'Accept');
  expect(answers.map(({ object: follow }) => follow.actor).toSorted()).toEqual(uris);
});

test('what is refused is done with that, and takes nobody else out of the batch', async () => {
  const { database } = world.services;
  const postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  const actors = ['iris', 'jana', 'kurt'].map((name) => peer.actor(name));
  const [iris, jana, kurt] = actors as [PeerActor, PeerActor, PeerActor];
  for (const actor of actors) await peer.send(world, actor, activityBy(actor, 'Like', postUri));
  await world.settle();
  const nowhere = 'https://a.example/posts/0198c0de-0000-7000-8000-000000000000';
  await peer.send(world, iris, activityBy(iris, 'EmojiReact', postUri, { content: '🎉' }));
  await peer.send(world, jana, activityBy(jana, 'EmojiReact', nowhere, { content: '🎉' }));
  await peer.send(world, kurt, activityBy(kurt, 'EmojiReact', postUri, { content: '🎉' }));
  await world.settle();
  const uris = actors.map(({ uri }) => uri);
  expect(await database.rows(OF_TYPE, ['EmojiReact', uris])).toEqual([
    { actorUri: iris.uri, refusal: null, isApart: false, isHandled: true },
    { actorUri: jana.uri, refusal: expect.any(String), isApart: false, isHandled: true },
    { actorUri: kurt.uri, refusal: null, isApart: false, isHandled: true },
  ]);
});

test('what is refused because it is about something still to be carried out has its turn after that', async () => {
  const { database } = world.services;
  const [lena, mona] = ['lena', 'mona'].map((name) => peer.actor(name)) as [PeerActor, PeerActor];
  const follow = activityBy(lena, 'Follow', `https://a.example/actors/${ada.actorId}`);
  await peer.send(world, lena, follow);
  await peer.send(
    world,
    mona,
    activityBy(mona, 'Follow', `https://a.example/actors/${ada.actorId}`),
  );
  await world.settle();
  await database.rows(HOLD);
  await database.rows(HOLD_TRIGGER);
  // A post is carried out apart, as it may need its pictures.
  const mention = { type: 'Mention', href: `https://a.example/actors/${ada.actorId}` };
  const note = noteBy(lena, { attachment: [], tag: [mention] });
  await peer.send(world, lena, activityBy(lena, 'Create', note));
  await peer.send(world, mona, activityBy(mona, 'Like', note.id));
  await world.settle();
  // The database takes nothing of hers, so that the other one has its turn first.
  const waiting = await database.rows<{ actorUri: string }>(LEFT);
  expect(waiting.map(({ actorUri }) => actorUri)).toEqual(
    expect.arrayContaining([lena.uri, mona.uri]),
  );
  await database.rows(LET_GO);
  const likes = await settledUntil(
    world,
    () => database.rows<{ isHandled: boolean }>(OF_TYPE, ['Like', [mona.uri]]),
    ([like]) => like!.isHandled,
  );
  expect(likes).toMatchObject([{ refusal: null, isHandled: true }]);
});

const HOLD = statement(
  'test.hold',
  `create function hold_lena() returns trigger language plpgsql as $$ begin
     if exists (select from actors where id = new.author_id and username = 'lena') then raise 'not yet' using errcode = '22023'; end if;
     return new; end $$`,
);
const HOLD_TRIGGER = statement(
  'test.hold_trigger',
  'create trigger hold_lena after insert on posts for each row execute function hold_lena()',
);
const LET_GO = statement('test.let_go', 'drop trigger hold_lena on posts');
