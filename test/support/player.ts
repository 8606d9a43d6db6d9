// A page with hls.js in a real Chromium, on an origin of its own as any client is, and what it sees of a video.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../platform/graphiql-browser.js';

/** A player that has begun. */
export interface Player extends AsyncDisposable {
  /** Hosts that the page asked for media. */
  hosts(): string[];
  /** Answers to the page that were no success. */
  readonly failures: string[];
  /** Heights that it can choose from, lowest first. */
  heights(): Promise<number[]>;
  /** Plays this height and nothing else; resolves when a picture of it is shown. */
  choose(height: number): Promise<void>;
  /** Goes there, and plays on; resolves when it has. */
  seek(seconds: number): Promise<void>;
  /** The texts that stand on the picture at an instant. */
  captionsAt(seconds: number): Promise<string[]>;
}

const LIBRARY = path.resolve('node_modules/hls.js/dist/hls.min.js');
const PAGE = `<!doctype html><meta charset="utf-8"><title>Player</title>
<video id="video" muted playsinline crossorigin="anonymous" width="180"></video><script src="/hls.js"></script>`;

/** What the page is told. */
export interface Playing {
  /** Of a playlist. */
  readonly url: string;
  /** Of WebVTT; absent = none. */
  readonly captions?: string;
}

/** Opens a player, in which host names are ports of this machine, and plays until pictures move. */
export async function play(
  { url, captions }: Playing,
  ports: Readonly<Record<string, number>>,
): Promise<Player> {
  await using stack = new AsyncDisposableStack();
  const site = await startSite();
  stack.defer(site.stop);
  const rules = Object.entries(ports).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  const browser = await launchBrowser([
    `--host-resolver-rules=${rules.join(',')}`,
    '--autoplay-policy=no-user-gesture-required',
  ]);
  stack.defer(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const asked = new Set<string>();
  const failures: string[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(site.origin)) return;
    asked.add(new URL(response.url()).host);
    if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(site.origin);
  await begin(page, url, captions ?? null);
  const owned = stack.move();
  return {
    failures,
    hosts: () => [...asked].filter((host) => host !== '').toSorted(),
    heights: () => page.evaluate(() => shown.hls.levels.map(({ height }) => height)),
    choose: (height) => choose(page, height),
    seek: (seconds) => seek(page, seconds),
    captionsAt: (seconds) => captionsAt(page, seconds),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What the functions below find in the page. */
interface Hls {
  levels: { height: number }[];
  currentLevel: number;
  loadSource(url: string): void;
  attachMedia(video: unknown): void;
  on(
    event: string,
    heard: (event: string, data: { fatal?: boolean; details?: string }) => void,
  ): void;
}
interface Cues extends Iterable<{ text: string; startTime: number; endTime: number }> {}
interface Video {
  currentTime: number;
  loop: boolean;
  readonly videoHeight: number;
  readonly textTracks: Record<number, { mode: string; activeCues: Cues | null }>;
  play(): Promise<void>;
  pause(): void;
  append(element: object): void;
}
declare const shown: { hls: Hls; video: Video; error: string | null };
declare const Hls: new (options: object) => Hls;
declare const document: {
  querySelector(selector: string): Video;
  createElement(name: string): Record<string, unknown>;
};

async function begin(page: Page, url: string, captions: string | null): Promise<void> {
  await page.evaluate(
    async ([source, track]) => {
      const video = document.querySelector('video');
      const hls = new Hls({ startLevel: 0 });
      Object.assign(globalThis, { shown: { hls, video, error: null } });
      hls.on('hlsError', (_event, { fatal, details }) => {
        if (fatal) shown.error = details ?? 'unknown';
      });
      if (track !== null) {
        const attributes = { kind: 'captions', srclang: 'en', src: track, default: true };
        video.append(Object.assign(document.createElement('track'), attributes));
      }
      hls.loadSource(source);
      hls.attachMedia(video);
      await video.play();
    },
    [url, captions] as const,
  );
  await page.waitForFunction(() => shown.error !== null || shown.video.currentTime > 0.2);
  const error = await page.evaluate(() => shown.error);
  if (error !== null) throw new Error(`hls.js gives up: ${error}`);
}

/** While it plays: a paused picture keeps its size. */
async function choose(page: Page, height: number): Promise<void> {
  await page.evaluate(async (wanted) => {
    const { hls, video } = shown;
    video.loop = true;
    hls.currentLevel = hls.levels.findIndex((level) => level.height === wanted);
    await video.play();
  }, height);
  await page.waitForFunction((wanted) => shown.video.videoHeight === wanted, height);
}

async function seek(page: Page, seconds: number): Promise<void> {
  await page.evaluate(async (to) => {
    shown.video.currentTime = to;
    await shown.video.play();
  }, seconds);
  await page.waitForFunction((from) => shown.video.currentTime > from + 0.1, seconds);
}

async function captionsAt(page: Page, seconds: number): Promise<string[]> {
  await page.evaluate((to) => {
    shown.video.pause();
    shown.video.textTracks[0]!.mode = 'showing';
    shown.video.currentTime = to;
  }, seconds);
  // What was shown before the jump stays for a moment.
  await page.waitForFunction((at) => {
    const cues = [...(shown.video.textTracks[0]?.activeCues ?? [])];
    return cues.length > 0 && cues.every((cue) => cue.startTime <= at && at < cue.endTime);
  }, seconds);
  return page.evaluate(() =>
    [...(shown.video.textTracks[0]?.activeCues ?? [])].map(({ text }) => text),
  );
}

async function startSite(): Promise<{ origin: string; stop: () => Promise<void> }> {
  const library = await readFile(LIBRARY);
  const server = createServer(({ url }, response) => {
    const isLibrary = url === '/hls.js';
    response.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html' });
    response.end(isLibrary ? library : PAGE);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
