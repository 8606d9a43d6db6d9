// What is made of a video shows whoever is in that video: it stands in no list of those who do not see them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TimelinePost } from '../../src/timelines/live-timelines.queries.js';
import {
  findHashtagReaders,
  findHomes,
  findListOwner,
  findPublicTimelines,
} from '../../src/timelines/live-timelines.queries.js';
import type { ActorListId } from '../../src/timelines/actor-lists.queries.js';
import { block, follow, innerId, mute } from '../support/posts.js';
import { addRemixes } from '../support/sounds.js';
import { makeList } from '../support/timelines.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

const LISTS = `query ($list: ID!) {
  viewer { homeTimeline(first: 5) { nodes { id } } listTimeline(listId: $list, first: 5) { nodes { id } } }
  all: publicTimeline(first: 5) { nodes { id } } local: publicTimeline(first: 5, filter: { localOnly: true }) { nodes { id } }
  hashtag(name: "dance") { posts(first: 5) { nodes { id } } }
  search(query: "dancing") { posts(first: 5) { nodes { id } } } }`;
const BY_NAME = `query ($id: ID!, $who: ID!) {
  post(by: { id: $id }) { ... on VideoPost { id remixKind remixOf { id } } }
  actor(by: { id: $who }) { posts(first: 5) { nodes { id } } } }`;

let world: World;
/** Looks. */
let ada: Person;
/** Made the original. */
let fay: Person;
/** Made the duet. */
let gil: Person;
let list: string;
let duet: string;

beforeAll(async () => {
  world = await startWorld();
  [ada, fay, gil] = (await Promise.all(['ada', 'fay', 'gil'].map((name) => world.local(name)))) as [
    Person,
    Person,
    Person,
  ];
  await gil.graphql(
    'mutation { updateProfile(input: { isIndexable: true }) { userErrors { code } } }',
  );
  await follow(world, ada, gil);
  list = await makeList(ada, [gil]);
  const { postId: original } = await publishVideo(world, fay);
  duet = (await publishVideo(world, gil, { caption: 'Dancing along. #dance' })).postId;
  await world.settle();
  await addRemixes(world, original, [duet]);
});

afterAll(() => world[Symbol.asyncDispose]());

interface Connection {
  readonly nodes: { id: string }[];
}

/** In which lists of Ada the duet stands, also of those that are watched. */
async function lists(): Promise<boolean[]> {
  const { data, errors } = await ada.graphql<{
    viewer: { homeTimeline: Connection; listTimeline: Connection };
    all: Connection;
    local: Connection;
    hashtag: { posts: Connection };
    search: { posts: Connection };
  }>(LISTS, { list });
  expect(errors).toBeUndefined();
  const { viewer, all, local, hashtag, search } = data;
  const pages = [viewer.homeTimeline, viewer.listTimeline, all, local, hashtag.posts, search.posts];
  return [...pages.map(({ nodes }) => nodes.some(({ id }) => id === duet)), ...(await watched())];
}

async function watched(): Promise<boolean[]> {
  const { database, clock } = world.services;
  const post = { id: innerId(duet) as TimelinePost['id'], isRemoved: false };
  const [onlookers, now] = [[ada.actorId], clock.now()];
  const admitted = await Promise.all([
    findHomes(database, post, onlookers, now),
    findPublicTimelines(database, post, {}, onlookers, now),
    findListOwner(database, post, innerId(list) as ActorListId, onlookers, now),
    findHashtagReaders(database, post, 'dance', onlookers, now),
  ]);
  return admitted.map((admits) => admits(ada.actorId));
}

const EVERYWHERE = Array.from({ length: 10 }, () => true);
const NOWHERE = EVERYWHERE.map((stands) => !stands);

test('a duet with somebody who is blocked stands in no list, and is there for whoever asks for it', async () => {
  expect(await lists()).toEqual(EVERYWHERE);
  await block(world, ada, fay);
  expect(await lists()).toEqual(NOWHERE);
  const { data } = await ada.graphql(BY_NAME, { id: duet, who: gil.actorGlobalId });
  expect(data).toEqual({
    post: { id: duet, remixKind: 'DUET', remixOf: null },
    actor: { posts: { nodes: [{ id: duet }] } },
  });
  await block(world, ada, fay, false);
  expect(await lists()).toEqual(EVERYWHERE);
});

test('the same of somebody who blocks the reader, or whom the reader mutes', async () => {
  await block(world, fay, ada);
  expect(await lists()).toEqual(NOWHERE);
  await block(world, fay, ada, false);
  await mute(ada, fay);
  expect(await lists()).toEqual(NOWHERE);
  await mute(ada, fay, false);
  expect(await lists()).toEqual(EVERYWHERE);
});

test('who made the duet finds it, whomever they block since', async () => {
  await block(world, gil, fay);
  const { data } = await gil.graphql<{ viewer: { homeTimeline: Connection } }>(
    '{ viewer { homeTimeline(first: 5) { nodes { id } } } }',
  );
  expect(data.viewer.homeTimeline.nodes).toEqual([{ id: duet }]);
  expect(await lists()).toEqual(EVERYWHERE);
});
