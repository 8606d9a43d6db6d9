// What people see: videos in a real Chromium with hls.js, on a page of another origin.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { addRemoteVideo } from '../../src/media/add-remote-video.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { hasChromium } from '../platform/graphiql-browser.js';
import { clip } from '../support/clips.js';
import { startFakePeer } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { CLIP_SECONDS, fileAnswer, HEIGHTS, hlsFiles } from '../support/hls.js';
import { play, type Player } from '../support/player.js';
import { uploadVideo } from '../support/upload.js';
import { saveCaptions } from '../support/videos.js';
import type { Person, World } from '../support/world.js';

jest.setTimeout(300_000);

const inBrowser = hasChromium ? test : test.skip;
if (!hasChromium)
  console.warn('No /usr/bin/chromium on this machine: no video is played in a browser.');

/** The server's public name, http as Chromium would want a certificate otherwise. */
const HOST = 'a.example';

const KNOW = statement(
  'test.know_alice',
  `insert into actors (id, username, domain, uri, url, joined_at, updated_at)
   values ($1, 'alice', 'tube.test', 'https://tube.test/alice', 'https://tube.test/@alice', now(), now())`,
);

let stack: AsyncDisposableStack;
let network: FederatedNetwork;
let world: World;
let ada: Person;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join(HOST, { PUBLIC_URL: `http://${HOST}` });
  ada = await world.local('ada');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

interface Shown {
  readonly sources: { url: string; mimeType: string }[];
  readonly captions: { url: string }[];
}

async function playOf(id: string): Promise<Player> {
  const answer = await ada.graphql<{ node: Shown }>(
    'query ($id: ID!) { node(id: $id) { ... on VideoMedia { sources { url mimeType } captions { url } } } }',
    { id },
  );
  const { sources, captions } = answer.data.node;
  const url = sources.find(({ mimeType }) => mimeType.endsWith('mpegurl'))!.url;
  const ports = { [HOST]: Number(new URL(world.origin).port) };
  return play({ url, ...(captions[0] && { captions: captions[0].url }) }, ports);
}

inBrowser(
  'a private video of this server plays, changes its quality, seeks, and shows captions',
  async () => {
    const bytes = await clip({ width: 720, height: 1280, seconds: 5 });
    const id = await uploadVideo(world, ada, bytes);
    const texts =
      'WEBVTT\n\n00:00.500 --> 00:02.000\nThe first\n\n00:03.000 --> 00:04.500\nThe second\n';
    expect((await saveCaptions(ada, id, texts)).userErrors).toEqual([]);
    await using player = await playOf(id);
    expect(await player.heights()).toEqual([854, 1280]);
    for (const height of [1280, 854, 1280]) await player.choose(height);
    await player.seek(4);
    await player.seek(1);
    expect(await player.captionsAt(1)).toEqual(['The first']);
    expect(await player.captionsAt(4)).toEqual(['The second']);
    expect(player.failures).toEqual([]);
    expect(player.hosts()).toEqual([HOST]);
  },
);

inBrowser(
  'P06 a video of another server plays, changes its quality and seeks, and only this server is asked',
  async () => {
    const files = await hlsFiles();
    const peer = stack.use(await startFakePeer(network, 'tube.test'));
    const ownerId = newId<'actor'>(world.clock.now());
    await world.services.database.rows(KNOW, [ownerId]);
    peer.answer((asked) => {
      const file = files.get(/^\/v\/(.+)$/.exec(asked.path)?.[1] ?? '');
      return file ? fileAnswer(asked, file, { etag: '"1"' }) : null;
    });
    const hls = { url: `${peer.origin}/v/hls.m3u8`, mimeType: 'application/vnd.apple.mpegurl' };
    const unknown = { width: null, height: null, sizeBytes: null };
    const described = { altText: null, blurhash: null, posterUrl: null, captions: [] };
    const id = await world.services.database.transaction((tx) =>
      addRemoteVideo(
        tx,
        world.clock.now(),
        { ownerId, access: 'PUBLIC', purpose: 'POST' },
        {
          ...described,
          mimeType: hls.mimeType,
          width: 180,
          height: HEIGHTS['720'],
          durationMs: CLIP_SECONDS * 1000,
          sources: [{ ...hls, ...unknown }],
        },
      ),
    );
    await using player = await playOf(toGlobalId('media', id));
    expect(await player.heights()).toEqual([HEIGHTS['480'], HEIGHTS['720']]);
    for (const height of [HEIGHTS['720'], HEIGHTS['480'], HEIGHTS['720']])
      await player.choose(height);
    await player.seek(5);
    await player.seek(1);
    expect(player.failures).toEqual([]);
    expect(player.hosts()).toEqual([HOST]);
  },
);
