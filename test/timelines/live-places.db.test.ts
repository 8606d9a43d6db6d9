// The timeline of a place, live: who hears of which post, and of its end.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toGlobalId } from '../../src/platform/ids.js';
import { addPlaces } from '../contract/places.js';
import { block, follow, mute, publish } from '../support/posts.js';
import { filter } from '../support/filters.js';
import { connectSocket, subscribe } from '../support/socket.js';
import { watchTimeline } from '../support/timelines.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let here: string;
let elsewhere: string;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  [here, elsewhere] = (await addPlaces(world, 'Kite Bay', 2)).map((id) =>
    toGlobalId('place', id),
  ) as [string, string];
});

afterAll(() => world[Symbol.asyncDispose]());

async function post(placeId: string | null, common: Record<string, unknown> = {}): Promise<string> {
  const id = await publish(world, ada, { placeId, ...common });
  await world.settle();
  return id;
}

async function edit(postId: string, changes: Record<string, unknown>): Promise<void> {
  const answer = await ada.graphql(
    'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
    { input: { postId, ...changes } },
  );
  expect(answer.data).toEqual({ updatePost: { userErrors: [] } });
  await world.settle();
}

const added = (id: string) => ({
  change: 'ADDED',
  removedPostId: null,
  postEdge: { node: { id } },
});

test('a post of a place comes live to everybody who may see it, and goes', async () => {
  const fay = await world.local('fay');
  await follow(world, fay, ada);
  await using nobody = await watchTimeline(world, null, { placeId: here });
  await using follower = await watchTimeline(world, fay, { placeId: here });
  await post(null);
  await post(elsewhere);
  const close = await post(here, { visibility: 'FOLLOWERS' });
  const open = await post(here);
  expect(await follower.next()).toEqual(added(close));
  expect(await follower.next()).toEqual(added(open));
  expect(await nobody.next()).toEqual(added(open));
  await edit(open, { caption: 'Windy.' });
  expect(await nobody.next()).toMatchObject({
    change: 'UPDATED',
    postEdge: { node: { id: open } },
  });
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { deletedPostId } }',
    { id: open },
  );
  await world.settle();
  expect(await nobody.next()).toEqual({ change: 'REMOVED', removedPostId: open, postEdge: null });
});

test('who mutes the author, has a block with them or hides the post hears nothing of it', async () => {
  const [muting, blocked, hiding] = [
    await world.local('muting'),
    await world.local('blocked'),
    await world.local('hiding'),
  ];
  await mute(muting, ada);
  await block(world, ada, blocked);
  await filter(hiding, 'storm', { action: 'HIDE' });
  await using first = await watchTimeline(world, muting, { placeId: here });
  await using second = await watchTimeline(world, blocked, { placeId: here });
  await using third = await watchTimeline(world, hiding, { placeId: here });
  await post(here, { caption: 'A storm.' });
  const other = await publish(world, ben, { placeId: here });
  await world.settle();
  for (const watched of [first, second, third]) expect(await watched.next()).toEqual(added(other));
});

test('what can be no place is refused; one that is not there is silent', async () => {
  const socket = await connectSocket(world.origin, null);
  subscribe(
    socket,
    'live',
    'subscription { timelineChanged(timeline: { placeId: "post_00000000000000000000000000" }) { change } }',
  );
  const { type, payload } = await socket.next();
  expect([type, JSON.stringify(payload)]).toEqual(['error', expect.stringContaining('placeId')]);
  await socket[Symbol.asyncDispose]();
  await using silent = await watchTimeline(world, null, {
    placeId: 'place_00000000000000000000000000',
  });
  await using loud = await watchTimeline(world, null, { placeId: here });
  const id = await post(here);
  expect(await loud.next()).toEqual(added(id));
  expect(silent.waiting()).toBe(0);
});
