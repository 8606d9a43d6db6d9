// Videos on pages: played by a browser without any script, here and in the frame of another site.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { hasChromium, launchBrowser } from '../platform/graphiql-browser.js';
import { clip } from '../support/clips.js';
import { innerId } from '../support/posts.js';
import { uploadVideo } from '../support/upload.js';
import { publishVideo, readyVideo, saveCaptions, sendVideo, webVtt } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

jest.setTimeout(300_000);

const inBrowser = hasChromium ? test : test.skip;
if (!hasChromium)
  console.warn('No /usr/bin/chromium on this machine: no video is played on a page.');

let world: World;
let ada: Person;
let open: string;
let mediaId: string;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  mediaId = await uploadVideo(world, ada, await clip(), { altText: 'A dragonfly "on" a leaf' });
  await saveCaptions(ada, mediaId, webVtt('It hums.'));
  const common = { caption: 'Watch <it>' };
  const { post } = await sendVideo(ada, { mediaId, common, video: { title: 'Dragonfly & leaf' } });
  open = innerId(post!.id);
  await world.settle();
});

afterAll(() => world[Symbol.asyncDispose]());

async function page(path: string) {
  const response = await fetch(world.origin + path);
  const policy = response.headers.get('content-security-policy') ?? '';
  const frames = response.headers.get('x-frame-options');
  return { status: response.status, policy, frames, html: await response.text() };
}

const oembedOf = async (id: string, more = ''): Promise<Record<string, unknown>> => {
  const address = encodeURIComponent(`https://a.example/posts/${id}`);
  return JSON.parse((await page(`/oembed?url=${address}${more}`)).html) as Record<string, unknown>;
};

test('page and frame have a player without a script; only the frame may be framed', async () => {
  const post = await page(`/posts/${open}`);
  const frame = await page(`/embed/${open}`);
  expect([post.frames, frame.frames]).toEqual(['DENY', null]);
  for (const { status, policy, html } of [post, frame]) {
    expect(status).toBe(200);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain("media-src 'self'");
    expect(policy).not.toContain('script-src');
    expect(html).not.toContain('<script');
    expect(html).toMatch(
      new RegExp(
        `<video controls [^>]*poster="/media/${mediaId}/[a-z]+\\.[a-z]+" aria-label="A dragonfly &quot;on&quot; a leaf"`,
      ),
    );
    expect(html).toContain(`<source src="/media/${mediaId}/mp4.mp4" type="video/mp4">`);
    expect(html).toMatch(
      /<track kind="captions" src="\/media\/[^"]+\.vtt" srclang="en" label="en" default>/,
    );
  }
  expect(post.policy).toContain("frame-ancestors 'none'");
  expect(frame.policy).toContain('frame-ancestors *');
});

test('other sites are told of the file and of the player', async () => {
  const { html } = await page(`/posts/${open}`);
  for (const part of [
    '<meta property="og:type" content="video.other">',
    '<meta property="og:title" content="Dragonfly &amp; leaf · ',
    `<meta property="og:video" content="https://a.example/media/${mediaId}/mp4.mp4">`,
    '<meta property="og:video:type" content="video/mp4">',
    '<meta name="twitter:card" content="player">',
    `<meta name="twitter:player" content="https://a.example/embed/${open}">`,
    '<meta property="og:image" content="https://a.example/media/',
  ])
    expect(html).toContain(part);
  const answer = await oembedOf(open);
  expect(answer).toMatchObject({
    type: 'video',
    title: 'Dragonfly & leaf',
    html: expect.stringContaining(`<iframe src="https://a.example/embed/${open}" `),
    thumbnail_url: expect.stringContaining(`/media/${mediaId}/`),
  });
  const small = await oembedOf(open, '&maxwidth=200&maxheight=300');
  expect(small['width']).toBeLessThanOrEqual(200);
  expect(small['height']).toBeLessThanOrEqual(300);
});

test('behind a warning nothing is told, and what is not for everybody has no page', async () => {
  const warned = await publishVideo(world, ada, { contentWarning: 'Spiders' });
  const id = innerId(warned.postId);
  expect(await oembedOf(id)).toMatchObject({ type: 'link', title: 'Spiders' });
  expect((await page(`/posts/${id}`)).html).not.toContain('og:video');
  expect((await page(`/embed/${id}`)).html).toContain('<details><summary dir="auto">Spiders');
  const close = { common: { isSensitive: true, caption: 'It bites' }, video: { title: 'Spider' } };
  const closed = await sendVideo(ada, { mediaId: await readyVideo(world, ada), ...close });
  const closedId = innerId(closed.post!.id);
  for (const told of [
    JSON.stringify(await oembedOf(closedId)),
    (await page(`/embed/${closedId}`)).html,
    (await page(`/posts/${closedId}`)).html.split('<main>')[0]!,
  ])
    expect(told).not.toMatch(/Spider|bites/);
  const listed = await publishVideo(world, ada, { visibility: 'UNLISTED' });
  expect((await page(`/embed/${innerId(listed.postId)}`)).status).toBe(200);
  for (const visibility of ['FOLLOWERS', 'MENTIONED', 'LOCAL']) {
    const { postId } = await publishVideo(world, ada, { visibility });
    expect((await page(`/embed/${innerId(postId)}`)).status).toBe(404);
  }
});

inBrowser('a video plays in the frame of another site, and shows its captions', async () => {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<iframe src="${world.origin}/embed/${open}" width="400" height="700"></iframe>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const browser = await launchBrowser();
  try {
    const tab = await browser.newPage();
    const complaints: string[] = [];
    tab.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await tab.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const frame = tab.frames().find((one) => one.url().includes('/embed/'))!;
    const watched = await frame.evaluate(async () => {
      const video = document.querySelector('video')!;
      video.muted = true;
      const ended = new Promise((resolve) => video.addEventListener('ended', resolve));
      await video.play();
      await ended;
      const [track] = video.textTracks;
      return {
        at: video.currentTime,
        width: video.videoWidth,
        captions: [...(track?.cues ?? [])].map((cue) => (cue as VTTCue).text),
      };
    });
    expect(watched.at).toBeGreaterThan(1.5);
    expect(watched.width).toBeGreaterThan(0);
    expect(watched.captions).toEqual(['It hums.']);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    site.close();
  }
});
