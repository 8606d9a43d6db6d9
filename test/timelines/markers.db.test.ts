// How far somebody has come in their timelines, through the public API and on several devices at once.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeCursor } from '../../src/platform/db/page.js';
import { firstIdAt, newId } from '../../src/platform/ids.js';
import { addSeconds } from '../../src/platform/clock.js';
import { publish, type Answered } from '../support/posts.js';
import { connectSocket, subscribed, type TestSocket } from '../support/socket.js';
import { followHashtag, homeEdges, makeList } from '../support/timelines.js';
import { startWorld, type Person, type World } from '../support/world.js';

interface Marker {
  readonly kind: string;
  readonly cursor: string;
  readonly subject: { readonly id: string } | null;
}

const FIELDS = 'kind cursor updatedAt subject { id }';
const SET = `mutation ($input: SetTimelineMarkerInput!) { setTimelineMarker(input: $input) {
  marker { ${FIELDS} } userErrors { code path } } }`;
const GET = `query ($of: TimelineLocator!) { viewer { timelineMarker(of: $of) { ${FIELDS} } } }`;

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

afterAll(() => world[Symbol.asyncDispose]());

async function set(
  who: Person,
  timeline: object,
  cursor: string,
): Promise<Answered<{ marker: Marker | null }>> {
  const answer = await who.graphql<{ setTimelineMarker: Answered<{ marker: Marker | null }> }>(
    SET,
    { input: { timeline, cursor } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.setTimelineMarker;
}

async function get(who: Person, of: object): Promise<Marker | null> {
  const answer = await who.graphql<{ viewer: { timelineMarker: Marker | null } }>(GET, { of });
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.timelineMarker;
}

const NEWER = `query ($before: String) { viewer { homeTimeline(last: 10, before: $before) { nodes { id } } } }`;

test('what is new at home stands before the marker, whichever device has set it', async () => {
  await publish(world, ada);
  await publish(world, ada);
  await world.settle();
  const [newest, older] = await homeEdges(ada);
  expect(await get(ada, { home: true })).toBeNull();
  expect((await set(ada, { home: true }, older!.cursor)).marker).toMatchObject({
    kind: 'HOME',
    cursor: older!.cursor,
    subject: null,
  });
  const marker = await get(ada, { home: true });
  const newer = await ada.graphql(NEWER, { before: marker!.cursor });
  expect(newer.data).toEqual({ viewer: { homeTimeline: { nodes: [{ id: newest!.node.id }] } } });
  expect((await set(ada, { home: true }, newest!.cursor)).marker!.cursor).toBe(newest!.cursor);
  expect((await set(ada, { home: true }, older!.cursor)).marker!.cursor).toBe(newest!.cursor);
  expect(await get(ben, { home: true })).toBeNull();
});

test('each timeline has a marker of its own, which goes with its list', async () => {
  const listId = await makeList(ada, [ben]);
  const otherId = await makeList(ada, [ben]);
  await followHashtag(ada, 'kites');
  const hashtagId = (
    await ada.graphql<{ hashtag: { id: string } }>('{ hashtag(name: "kites") { id } }')
  ).data.hashtag.id;
  const cursor = encodeCursor([newId(world.clock.now())]);
  const timelines = [{ public: true }, { local: true }, { listId }, { hashtagId }];
  for (const timeline of timelines) expect(await get(ada, timeline)).toBeNull();
  for (const timeline of timelines) {
    expect((await set(ada, timeline, cursor)).userErrors).toEqual([]);
    expect(await get(ada, timeline)).toMatchObject({ cursor });
  }
  expect(await get(ada, { listId })).toMatchObject({ kind: 'LIST', subject: { id: listId } });
  expect(await get(ada, { hashtagId })).toMatchObject({ subject: { id: hashtagId } });
  expect(await get(ada, { listId: otherId })).toBeNull();
  await ada.graphql(
    'mutation ($id: ID!) { deleteList(input: { listId: $id }) { deletedListId } }',
    { id: listId },
  );
  expect(await get(ada, { listId })).toBeNull();
  expect(await get(ada, { hashtagId })).toMatchObject({ cursor });
});

test('devices that report at once leave the furthest place, whatever their order', async () => {
  const carl = await world.local('carl');
  const now = world.clock.now();
  const cursors = Array.from({ length: 20 }, (_, index) =>
    encodeCursor([firstIdAt(addSeconds(now, -index))]),
  );
  const shuffled = cursors.toSorted((a, b) => (a.slice(-9) < b.slice(-9) ? -1 : 1));
  await Promise.all(shuffled.map((cursor) => set(carl, { home: true }, cursor)));
  expect((await get(carl, { home: true }))!.cursor).toBe(cursors[0]);
});

const LIVE = `subscription { viewerEvents(topics: [MARKERS]) { ... on TimelineMarkerEvent { marker { ${FIELDS} } } } }`;

async function next(socket: TestSocket): Promise<Marker> {
  const { payload } = (await socket.next()) as {
    payload: { data: { viewerEvents: { marker: Marker } } };
  };
  return payload.data.viewerEvents.marker;
}

test('the other devices hear of a move, nobody else does, and of what moves nothing neither', async () => {
  const [dan, eva] = [await world.local('dan'), await world.local('eva')];
  await using sockets = new AsyncDisposableStack();
  const watch = async (who: Person): Promise<TestSocket> => {
    const socket = sockets.use(await connectSocket(world.origin, who.token));
    await subscribed(socket, 'own', LIVE);
    return socket;
  };
  const [own, other] = [await watch(dan), await watch(eva)];
  const [early, late] = [-60, 0].map((seconds) =>
    encodeCursor([newId(addSeconds(world.clock.now(), seconds))]),
  );
  await set(dan, { home: true }, late!);
  expect(await next(own)).toMatchObject({ kind: 'HOME', cursor: late });
  await set(dan, { home: true }, early!);
  await set(dan, { local: true }, early!);
  expect(await next(own)).toMatchObject({ kind: 'LOCAL', cursor: early });
  await set(eva, { public: true }, late!);
  expect(await next(other)).toMatchObject({ kind: 'PUBLIC', cursor: late });
});

test('what is no place in a timeline is refused', async () => {
  const future = encodeCursor([newId(addSeconds(world.clock.now(), 2 * 24 * 3600))]);
  const invalid = [{ code: 'INVALID_INPUT', path: ['cursor'] }];
  for (const cursor of ['nonsense', encodeCursor(['nonsense']), encodeCursor(['a', 'b']), future])
    expect((await set(ada, { home: true }, cursor)).userErrors).toEqual(invalid);
  expect((await set(ada, { home: false }, future)).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['timeline', 'home'] },
  ]);
  const listId = await makeList(ben, []);
  const cursor = encodeCursor([newId(world.clock.now())]);
  expect((await set(ada, { listId }, cursor)).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['timeline', 'listId'] },
  ]);
  const both = await ada.graphql(SET, {
    input: { timeline: { home: true, public: true }, cursor },
  });
  expect(both.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
});
