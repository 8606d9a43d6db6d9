// Videos of PeerTube, Loops, Mastodon and Pixelfed: posts here, played from there, with a still picture from here.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { activityBy, noteBy, PUBLIC } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { flatPng } from '../support/pictures.js';
import { publish } from '../support/posts.js';
import { innerId } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const DIRECTORY = path.resolve('test/fixtures/activities/peertube-7');

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let alice: PeerActor;
let channel: PeerActor;
let postUri: string;
let hosts = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
});

beforeEach(async () => {
  hosts += 1;
  peer = stack.use(await startFakePeer(network, `tube${hosts}.test`));
  for (const name of ['avatars/600', 'previews/large'])
    peer.serve(`/lazy-static/${name}.png`, { type: 'image/png', body: flatPng(850, 480) });
  [alice, channel] = [await actor('alice', 'actor'), await actor('waves', 'channel')];
});

afterAll(() => stack.disposeAsync().then(() => undefined));

/** Puts the people and servers of the test in the place of those of a file. */
async function written(file: string): Promise<Record<string, unknown> & { id: string }> {
  const text = await readFile(path.join(DIRECTORY, `${file}.json`), 'utf8');
  return JSON.parse(
    text
      .replaceAll('https://example.org/accounts/alice', `${peer.origin}/users/alice`)
      .replaceAll('https://example.org/video-channels/waves', `${peer.origin}/users/waves`)
      .replaceAll('https://example.org', peer.origin)
      .replaceAll('https://m.example/notes/1', postUri),
  ) as Record<string, unknown> & { id: string };
}

async function actor(name: string, file: string): Promise<PeerActor> {
  const { publicKey: _publicKey, ...document } = await written(file);
  return peer.actor(name, document);
}

async function follow(name: string): Promise<void> {
  const id = await meet(ada, `${name}@${peer.host}`);
  const answer = await ada.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: id } },
  );
  expect(answer.errors).toBeUndefined();
  await world.settle();
  const sent = peer.requests.findLast(({ body }) => body.includes('"Follow"'))!;
  const from = name === 'alice' ? alice : channel;
  await send(from, activityBy(from, 'Accept', JSON.parse(sent.body)));
}

async function send(from: PeerActor, activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await peer.send(world, from, activity)).toBe(202);
  await world.settle();
}

const sendFile = async (from: PeerActor, file: string): Promise<void> =>
  send(from, await written(file));

const VIDEO = `__typename id uri url caption language license isSensitive hashtags { name } author { handle }
  comments { nodes { content } } viewerPermissions { canComment } counts { reposts }
  media { __typename id }
  ... on VideoPost { title category video {
    state url thumbnailUrl blurhash altText mimeType sizeBytes failure width height durationMs
    sources { url mimeType width height sizeBytes }
    captions { url language label isAutomatic } } }`;

interface ShownVideo {
  readonly __typename: string;
  readonly id: string;
  readonly title: string | null;
  readonly caption: string;
  readonly viewerPermissions: { canComment: boolean };
  readonly counts: { reposts: number };
  readonly comments: { nodes: { content: string }[] };
  readonly media: { __typename: string; id: string }[];
  readonly video: {
    readonly state: string;
    readonly url: string | null;
    readonly blurhash: string | null;
    readonly sources: { url: string; mimeType: string; height: number | null }[];
    readonly captions: { url: string; language: string }[];
  } | null;
}

async function show(url: string): Promise<ShownVideo | null> {
  const answer = await ada.graphql<{ post: ShownVideo | null }>(
    `query ($url: URL!) { post(by: { url: $url }) { ${VIDEO} } }`,
    { url },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.post;
}

/** The address here of what stands there. */
const passedOn = (url: string): unknown =>
  expect.stringMatching(
    `^https://a\\.example/media/[^/]+/remote/.*&url=${encodeURIComponent(url)}$`,
  );

const videoUri = (): string => `${peer.origin}/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d`;

test('PeerTube: a video of somebody who is followed, with its playlist, files and captions', async () => {
  await follow('alice');
  await sendFile(alice, 'create-video');
  const at = (file: string): unknown => passedOn(`${peer.origin}/static/${file}`);
  expect(await show(videoUri())).toMatchObject({
    __typename: 'VideoPost',
    title: 'Waves at Étretat',
    caption: expect.stringMatching(/Waves at Étretat.*The <strong>sea<\/strong> in the morning/s),
    url: `${peer.origin}/w/kkGMgK9ZtnKfYAgnEtQxbv`,
    language: 'fr',
    license: 'Attribution',
    category: 'Travels',
    isSensitive: false,
    author: { handle: `alice@${peer.host}` },
    hashtags: expect.arrayContaining([{ name: 'sea' }, { name: 'cliffs' }]),
    viewerPermissions: { canComment: true },
    media: [{ __typename: 'VideoMedia' }],
    video: {
      state: 'READY',
      mimeType: 'application/vnd.apple.mpegurl',
      durationMs: 135_000,
      width: 1920,
      height: 1080,
      sizeBytes: null,
      sources: [
        {
          url: at('streaming-playlists/hls/9c9de5e8/master.m3u8'),
          mimeType: 'application/vnd.apple.mpegurl',
          height: null,
        },
        {
          url: at('web-videos/9c9de5e8-1080.mp4'),
          mimeType: 'video/mp4',
          height: 1080,
          sizeBytes: '20000000',
        },
        {
          url: at('web-videos/9c9de5e8-720.mp4'),
          mimeType: 'video/mp4',
          height: 720,
        },
      ],
      captions: [
        {
          url: passedOn(`${peer.origin}/lazy-static/video-captions/en.vtt`),
          language: 'en',
          label: 'English',
          isAutomatic: true,
        },
        {
          url: passedOn(`${peer.origin}/lazy-static/video-captions/fr.vtt`),
          language: 'fr',
          isAutomatic: false,
        },
      ],
    },
  });
});

test('P06 the still picture is served from here, and nothing of the video is asked for', async () => {
  await follow('alice');
  await sendFile(alice, 'create-video');
  const { video, caption } = (await show(videoUri()))!;
  expect(caption).not.toContain('<script');
  expect(video?.url).toMatch(/^https:\/\/a\.example\/media\//);
  expect((await fetch(world.reach(video!.url!))).headers.get('content-type')).toBe('image/jpeg');
  expect(video?.blurhash).toEqual(expect.any(String));
  expect(
    peer.requests.filter(({ path: asked }) => /mp4|m3u8|vtt|storyboards|small/.test(asked)),
  ).toEqual([]);
});

test('PeerTube: its channel reposts it, it changes, takes no comments any more, and goes', async () => {
  await follow('alice');
  await sendFile(alice, 'create-video');
  await sendFile(channel, 'announce-video');
  expect((await show(videoUri()))?.counts.reposts).toBe(1);
  await sendFile(alice, 'create-comment');
  expect((await show(videoUri()))?.comments.nodes).toEqual([
    { content: expect.stringContaining('How <strong>cold</strong> was it?') },
  ]);
  await sendFile(alice, 'delete-comment');
  await sendFile(alice, 'update-video');
  expect(await show(videoUri())).toMatchObject({
    title: 'Waves at Étretat, at noon',
    viewerPermissions: { canComment: false },
    comments: { nodes: [] },
    video: { durationMs: 135_000, state: 'READY', url: expect.any(String) },
  });
  await sendFile(channel, 'undo-announce');
  expect((await show(videoUri()))?.counts.reposts).toBe(0);
  for (const file of ['like', 'dislike', 'view']) await sendFile(alice, file);
  const { video } = (await show(videoUri()))!;
  await sendFile(alice, 'delete-video');
  expect(await show(videoUri())).toBeNull();
  expect((await fetch(world.reach(video!.url!))).status).toBe(404);
});

test('PeerTube: who follows a channel alone has its videos, as posts of their author', async () => {
  await follow('waves');
  const { object } = (await written('create-video')) as unknown as { object: object };
  peer.serve(new URL(videoUri()).pathname, { body: object });
  await sendFile(channel, 'announce-video');
  expect(await show(videoUri())).toMatchObject({
    __typename: 'VideoPost',
    author: { handle: `alice@${peer.host}` },
    counts: { reposts: 1 },
  });
  const { data } = await ada.graphql(
    '{ viewer { homeTimeline(first: 5) { nodes { __typename } } } }',
  );
  expect(JSON.stringify(data)).toContain('VideoPost');
});

test('of several to whom a video is attributed, whoever sends it is its author', async () => {
  await follow('alice');
  const { object, ...create } = (await written('create-video')) as unknown as { object: object };
  const attributedTo = [channel.uri, { type: 'Organization', id: alice.uri }];
  await send(alice, { ...create, object: { ...object, attributedTo } });
  expect(await show(videoUri())).toMatchObject({ author: { handle: `alice@${peer.host}` } });
});

test('F07 nobody changes or deletes a video of somebody else', async () => {
  await follow('alice');
  await sendFile(alice, 'create-video');
  const mallory = peer.actor('mallory');
  for (const file of ['update-video', 'delete-video'])
    await send(mallory, {
      ...(await written(file)),
      id: `${peer.origin}/m/${file}`,
      actor: mallory.uri,
    });
  expect((await show(videoUri()))?.title).toBe('Waves at Étretat');
});

const mp4 = (more: object = {}): object => ({
  type: 'Document',
  mediaType: 'video/mp4',
  url: `${peer.origin}/v.mp4`,
  name: 'A wave',
  ...more,
});

test.each([
  [
    'Loops, with a preview',
    () => ({
      attachment: [mp4({ width: 720, height: 1280 })],
      preview: {
        type: 'Image',
        url: { href: `${peer.origin}/lazy-static/previews/large.png`, mediaType: 'image/jpeg' },
      },
    }),
    true,
  ],
  [
    'Mastodon, with an icon and a blurhash',
    () => ({
      attachment: [
        mp4({
          width: 720,
          height: 1280,
          blurhash: 'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH',
          icon: { type: 'Image', url: `${peer.origin}/lazy-static/previews/large.png` },
        }),
      ],
    }),
    true,
  ],
  [
    'Pixelfed, as a Video',
    () => ({ attachment: [mp4({ type: 'Video', width: 720, height: 1280 })] }),
    false,
  ],
])('a Note with a video is one, as %s writes it', async (_software, more, hasPoster) => {
  await follow('alice');
  const note = noteBy(alice, more());
  await send(alice, activityBy(alice, 'Create', note));
  const shown = await show(note.id);
  expect(shown).toMatchObject({
    __typename: 'VideoPost',
    title: null,
    caption: '<p>Hello</p>',
    video: {
      state: 'READY',
      altText: 'A wave',
      width: 720,
      height: 1280,
      durationMs: null,
      sources: [{ url: passedOn(`${peer.origin}/v.mp4`), mimeType: 'video/mp4' }],
      captions: [],
    },
  });
  expect(shown?.video?.url !== null).toBe(hasPoster);
});

test('beside pictures a video is a link, and what cannot be played is none', async () => {
  await follow('alice');
  const image = { type: 'Image', mediaType: 'image/png', url: `${peer.origin}/p.png` };
  const album = noteBy(alice, { attachment: [mp4(), image] });
  await send(alice, activityBy(alice, 'Create', album));
  expect(await show(album.id)).toMatchObject({
    __typename: 'PhotoPost',
    caption: expect.stringContaining(`${peer.origin}/v.mp4`),
  });
  for (const url of [
    'http://tube.test/v.mp4',
    'javascript:alert(1)',
    'https://u:p@tube.test/v.mp4',
    7,
    null,
  ]) {
    const note = noteBy(alice, { attachment: [mp4({ url })] });
    await send(alice, activityBy(alice, 'Create', note));
    expect((await show(note.id))?.__typename).toBe('TextPost');
  }
});

test('S10 hostile videos are bounded: thousands of addresses, absurd numbers, a still picture that is none', async () => {
  await follow('alice');
  const links = Array.from({ length: 300 }, (_, index) => ({
    mediaType: 'video/mp4',
    href: `${peer.origin}/${index}.mp4`,
    height: index,
  }));
  const video = {
    id: `${peer.origin}/hostile`,
    type: 'Video',
    attributedTo: alice.uri,
    to: [PUBLIC],
    name: 'x'.repeat(10_000),
    category: { name: 'y'.repeat(10_000) },
    licence: [[]],
    duration: 'PT99999999999S',
    icon: { type: 'Image', url: `${peer.origin}/none.png` },
    url: links,
    subtitleLanguage: Array.from({ length: 90 }, () => ({
      identifier: '!',
      url: 'https://x.test/',
    })),
  };
  peer.serve('/none.png', { type: 'image/png', body: 'no picture' });
  await send(alice, activityBy(alice, 'Create', video));
  const shown = await show(video.id);
  expect(shown).toMatchObject({
    __typename: 'VideoPost',
    video: { state: 'READY', url: null, failure: null, durationMs: null, captions: [] },
  });
  expect(shown?.video?.sources).toHaveLength(12);
  expect([...shown!.title!].length).toBeLessThanOrEqual(201);
});

test('M15 a video for followers is for nobody else', async () => {
  await follow('alice');
  const note = noteBy(alice, {
    to: [`${alice.uri}/followers`],
    cc: [],
    attachment: [mp4({ icon: `${peer.origin}/lazy-static/previews/large.png` })],
  });
  await send(alice, activityBy(alice, 'Create', note));
  const shown = (await show(note.id))!;
  expect(shown.video?.url).toContain('signature=');
  const stranger = await world.local('sam');
  const { data } = await stranger.graphql(
    'query ($id: ID!, $media: ID!) { post: node(id: $id) { id } media: node(id: $media) { id } }',
    { id: shown.id, media: shown.media[0]!.id },
  );
  expect(data).toEqual({ post: null, media: null });
});
