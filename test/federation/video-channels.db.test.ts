// Videos of this server on others: as Notes that Mastodon, Pixelfed and Loops take, and in a channel that PeerTube follows.
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isMadeBy, readSignature } from '../../src/federation/internal/http-signature.js';
import { activityBy, answerBy, PUBLIC } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { statement } from '../../src/platform/db/database.js';
import { VIEWS } from '../../src/federation/receive/views.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import { publishVideo, saveCaptions, webVtt } from '../support/videos.js';
import { block } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

type Json = Record<string, unknown>;

const PEERTUBE = {
  accept: 'application/activity+json, application/ld+json',
  'user-agent': 'PeerTube/8.0.0 (+https://tube.test)',
};
const ACTIVITY = { accept: 'application/activity+json' };

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let tube: FakePeer;
let viewer: PeerActor;
/** Tells of views. */
let server: PeerActor;
let channel: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  world.clock.toMorning();
  ada = await world.local('ada');
  tube = stack.use(await startFakePeer(network, 'tube.test'));
  viewer = tube.actor('viewer');
  server = tube.actor('peertube', { type: 'Application' });
  channel = `https://a.example/actors/${ada.actorId}/channel`;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function send(activity: object, from = viewer): Promise<void> {
  world.clock.advance(1);
  expect(await tube.send(world, from, activity)).toBe(202);
  await world.settle();
}

async function ask(uri: string, headers: Record<string, string> = ACTIVITY): Promise<Json | null> {
  const answer = await fetch(world.reach(uri), { headers });
  return answer.ok ? ((await answer.json()) as Json) : null;
}

/** What came to the inboxes of the peer, in its order. */
function received(type: string, from = 0): Json[] {
  return tube.requests
    .slice(from)
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Json)
    .filter((body) => body['type'] === type);
}

async function mutate(who: Person, name: string, input: object): Promise<void> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code message } } }`,
    { input },
  );
  expect(answer.data[name]!.userErrors).toEqual([]);
  await world.settle();
}

const postUri = (postId: string): string => `https://a.example/posts/${innerId(postId)}`;
const isWeb = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith('https://');
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** What of a `Video` PeerTube refuses it for. */
function refusedByPeerTube(video: Json): string[] {
  const files = listOf(video['url']).filter(({ mediaType }) => mediaType === 'video/mp4');
  const name = String(video['name']);
  const rules: Record<string, boolean> = {
    id: isWeb(video['id']),
    type: video['type'] === 'Video',
    uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(
      String(video['uuid']),
    ),
    name: name.length >= 3 && name.length <= 120,
    duration: /^PT\d+S$/.test(String(video['duration'])),
    views: isCount(video['views']),
    published: !Number.isNaN(Date.parse(String(video['published']))),
    updated: !Number.isNaN(Date.parse(String(video['updated']))),
    category:
      video['category'] === undefined ||
      /^\d+$/.test(String((video['category'] as Json)['identifier'])),
    language:
      video['language'] === undefined ||
      typeof (video['language'] as Json)['identifier'] === 'string',
    icon:
      listOf(video['icon']).length > 0 &&
      listOf(video['icon']).every(
        ({ type, url, mediaType, width, height }) =>
          type === 'Image' &&
          isWeb(url) &&
          mediaType === 'image/jpeg' &&
          isCount(width) &&
          isCount(height),
      ),
    url:
      files.length > 0 &&
      files.every(
        ({ type, href, height, size }) =>
          type === 'Link' && isWeb(href) && isCount(height) && isCount(size),
      ),
    commentsPolicy: [1, 2, 3].includes(Number(video['commentsPolicy'])),
    attributedTo: ['Person', 'Group'].every((type) =>
      listOf(video['attributedTo']).some((one) => one['type'] === type && isWeb(one['id'])),
    ),
    content:
      video['content'] === undefined ||
      ['text/markdown', 'text/html'].includes(String(video['mediaType'])),
    embedUrl: isWeb(video['embedUrl']),
    collections: ['likes', 'dislikes', 'shares', 'comments'].every((one) => isWeb(video[one])),
    subtitleLanguage: listOf(video['subtitleLanguage']).every(
      ({ identifier, url }) => typeof identifier === 'string' && isWeb(url),
    ),
  };
  return Object.entries(rules).flatMap(([rule, isKept]) => (isKept ? [] : [rule]));
}

test('who publishes no video has no channel', async () => {
  const ben = await world.local('ben');
  await publish(world, ben);
  expect(await ask(`https://a.example/actors/${ben.actorId}/channel`)).toBeNull();
  expect(
    await ask('https://a.example/.well-known/webfinger?resource=acct:ben.videos@a.example'),
  ).toBeNull();
});

test('a video is a Note with one mp4, and a Video that PeerTube takes, under both addresses', async () => {
  const { postId, mediaId } = await publishVideo(
    world,
    ada,
    { caption: 'By night #rain', language: 'en', license: 'CC-BY-SA-4.0' },
    { title: 'A street', category: 'Travels', allowsDownload: true },
  );
  await saveCaptions(ada, mediaId, webVtt('Rain.'));
  const uri = postUri(postId);
  const note = (await ask(uri))!;
  expect(note).toMatchObject({
    type: 'Note',
    content: expect.stringContaining('<strong>A street</strong>'),
    attachment: [
      {
        type: 'Document',
        mediaType: 'video/mp4',
        url: `https://a.example/media/${mediaId}/mp4.mp4`,
        width: 720,
        height: 1280,
        duration: 'PT3S',
        blurhash: expect.stringMatching(/^.{6,50}$/),
        focalPoint: [0, 0],
        icon: { type: 'Image', mediaType: 'image/jpeg', url: expect.stringContaining('/full.jpg') },
      },
    ],
  });
  const video = (await ask(`${uri}/video`))!;
  expect(refusedByPeerTube(video)).toEqual([]);
  expect(video).toMatchObject({
    id: `${uri}/video`,
    name: 'A street',
    category: { identifier: '6', name: 'Travels' },
    language: { identifier: 'en' },
    licence: { identifier: '2' },
    content: 'By night #rain',
    tag: [{ type: 'Hashtag', name: 'rain' }],
    downloadEnabled: true,
    commentsPolicy: 1,
    to: [PUBLIC],
    subtitleLanguage: [{ identifier: 'en', url: expect.stringMatching(/\.vtt$/) }],
  });
  // PeerTube is told of the post by comments on it, and then wants the video.
  expect(await ask(uri, PEERTUBE)).toEqual(video);
  for (const name of ['likes', 'dislikes', 'shares', 'comments'])
    expect([name, await ask(String(video[name]))]).toEqual([name, expect.any(Object)]);
});

test('a video without words has a name that PeerTube takes, and no one else’s video is served', async () => {
  const bare = await publishVideo(world, ada);
  const video = (await ask(`${postUri(bare.postId)}/video`))!;
  expect(refusedByPeerTube(video)).toEqual([]);
  expect(video['name']).toBe('@ada');
  for (const visibility of ['FOLLOWERS', 'LOCAL', 'MENTIONED']) {
    const { postId } = await publishVideo(world, ada, { visibility });
    expect(await ask(`${postUri(postId)}/video`)).toBeNull();
  }
  expect(await ask(`${postUri(await publish(world, ada))}/video`)).toBeNull();
});

test('PeerTube follows the channel of somebody and is shown each video, its changes and its end', async () => {
  const group = (await ask(channel, PEERTUBE))!;
  expect(group).toMatchObject({
    id: channel,
    type: 'Group',
    preferredUsername: 'ada.videos',
    attributedTo: [{ type: 'Person', id: `https://a.example/actors/${ada.actorId}` }],
    publicKey: { id: `${channel}#main-key`, owner: channel },
  });
  const found = await ask(
    'https://a.example/.well-known/webfinger?resource=acct:ada.videos@a.example',
  );
  expect(found).toMatchObject({
    links: expect.arrayContaining([expect.objectContaining({ href: channel })]),
  });
  const follow = activityBy(viewer, 'Follow', channel);
  await send(follow);
  expect(received('Accept')).toMatchObject([
    { actor: channel, object: { id: follow.id, type: 'Follow', object: channel } },
  ]);
  const { method, path, headers, body } = tube.requests.find((one) =>
    one.body.includes('"Accept"'),
  )!;
  const signed = { method, target: path, headers, body: Buffer.from(body) };
  const claimed = readSignature(signed, 'tube.test', world.clock.now());
  expect(claimed.keyId).toBe(`${channel}#main-key`);
  const { publicKeyPem } = group['publicKey'] as { publicKeyPem: string };
  expect(isMadeBy(claimed, createPublicKey(publicKeyPem))).toBe(true);
  expect(await ask(`${channel}/followers`)).toMatchObject({ totalItems: 1 });

  const { postId } = await publishVideo(world, ada, { caption: 'Told' });
  await publish(world, ada);
  await world.settle();
  const id = `${postUri(postId)}/video`;
  expect(received('Announce')).toMatchObject([{ actor: channel, object: id, to: [PUBLIC] }]);
  expect(received('Create')).toEqual([]);
  const outbox = (await ask(`${channel}/outbox?page=true`))!;
  expect(listOf(outbox['orderedItems'])[0]).toMatchObject({ type: 'Announce', object: id });

  await mutate(ada, 'updatePost', { postId, video: { title: 'Renamed' } });
  const updates = received('Update').map((one) => one['object'] as Json);
  const changed = updates.filter(({ type }) => type === 'Video');
  expect(changed).toMatchObject([{ id, name: 'Renamed' }]);
  expect(refusedByPeerTube(changed[0]!)).toEqual([]);
  await mutate(ada, 'deletePost', { postId });
  expect(received('Delete')).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({
        actor: `https://a.example/actors/${ada.actorId}`,
        object: expect.objectContaining({ id }),
      }),
    ]),
  );
});

test('what PeerTube says of a Video is about its post', async () => {
  const { postId } = await publishVideo(world, ada, { caption: 'Ask me' });
  const id = `${postUri(postId)}/video`;
  await send(activityBy(viewer, 'Create', answerBy(viewer, id, { content: '<p>How?</p>' })));
  await send(activityBy(viewer, 'Like', id, { to: [`https://a.example/actors/${ada.actorId}`] }));
  const seen = await ada.graphql<{ node: Json }>(
    'query ($id: ID!) { node(id: $id) { ... on VideoPost { counts { comments likes } comments(first: 5) { nodes { content } } } } }',
    { id: postId },
  );
  expect(seen.data.node).toEqual({
    counts: { comments: 1, likes: 1 },
    comments: { nodes: [{ content: '<p>How?</p>' }] },
  });
});

const WATCHED_HERE = statement(
  'test.watched_here',
  `insert into post_days as known (post_id, day, views) values ($1, current_date, $2)
   on conflict (post_id, day) do update set views = excluded.views`,
);

test('views elsewhere are counted, each once and so many of one domain, and told with those here', async () => {
  const { postId } = await publishVideo(world, ada);
  const id = `${postUri(postId)}/video`;
  const views = async (): Promise<unknown> => (await ask(id))!['views'];
  const view = activityBy(server, 'View', id);
  await send(view, server);
  await send(view, server);
  await send(activityBy(server, 'View', postUri(postId)), server);
  await send(activityBy(server, 'View', id, { expires: world.clock.now().toISOString() }), server);
  expect(await views()).toBe(2);
  const key = `${server.uri.split('/')[2]}/${innerId(postId)}`;
  await world.services.rateLimiter.charge(VIEWS, key, VIEWS.points - 3);
  for (let more = 0; more < 3; more += 1) await send(activityBy(server, 'View', id), server);
  expect(await views()).toBe(3);
  const other = await startFakePeer(network, 'other.test');
  const theirs = other.actor('peertube', { type: 'Application' });
  expect(await other.send(world, theirs, activityBy(theirs, 'View', id))).toBe(202);
  await world.settle();
  await other[Symbol.asyncDispose]();
  expect(await views()).toBe(4);
  // Whoever sees the number must not see one person come.
  for (const [here, told] of [
    [24, 4],
    [26, 29],
  ]) {
    await world.services.database.rows(WATCHED_HERE, [innerId(postId), here]);
    expect(await views()).toBe(told);
  }
  await mutate(ada, 'updateSettings', { hideCounts: true });
  expect(await views()).toBe(0);
  await mutate(ada, 'updateSettings', { hideCounts: false });
});

test('what is not for everybody has no views elsewhere, and neither has what is no video', async () => {
  const { postId } = await publishVideo(world, ada, { visibility: 'FOLLOWERS' });
  const album = await publish(world, ada);
  for (const one of [postId, album]) await send(activityBy(server, 'View', postUri(one)), server);
  const counted = statement(
    'test.counted_elsewhere',
    'select post_id from post_days where post_id = any($1::uuid[])',
  );
  const ids = [innerId(postId), innerId(album)];
  expect(await world.services.database.rows(counted, [ids])).toEqual([]);
});

test('an end of the following, and a block, end what a channel tells', async () => {
  const follow = activityBy(viewer, 'Follow', channel);
  await send(activityBy(viewer, 'Undo', follow));
  expect(await ask(`${channel}/followers`)).toMatchObject({ totalItems: 0 });
  await send(activityBy(viewer, 'Follow', channel));
  expect(await ask(`${channel}/followers`)).toMatchObject({ totalItems: 1 });
  await block(world, ada, { actorGlobalId: await meet(ada, 'viewer@tube.test') });
  const before = tube.requests.length;
  await publishVideo(world, ada, { caption: 'Not told' });
  await world.settle();
  expect(received('Announce', before)).toEqual([]);
});
