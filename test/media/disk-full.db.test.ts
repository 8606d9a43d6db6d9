// A disk that is really full: a small file system of its own, which only root may mount.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openVideos } from '../../src/app/open-videos.js';
import type { ImageProcessor } from '../../src/media/internal/images/image-processor.js';
import type { VideoProcessor } from '../../src/media/internal/video/video-processor.js';
import { isOutOfRoom } from '../../src/media/internal/video/explain-failure.js';
import { createProcessVideo } from '../../src/media/jobs/process-video.job.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { clip } from '../support/clips.js';
import { imageProcessor } from '../support/image-processor.js';
import { declareUpload, sendBytes, type Ticket } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

const DISK_BYTES = 16 * 2 ** 20;
const place = await mkdtemp(path.join(tmpdir(), 'triptych-full-'));
const isMounted = mount();
if (!isMounted) console.warn('No file system can be mounted here: a full disk is not tried.');

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', place]);
    return true;
  } catch {
    return false;
  }
}

afterAll(async () => {
  if (isMounted) execFileSync('umount', [place]);
  await rm(place, { recursive: true, force: true });
});

const RETRY = `mutation ($id: ID!) { retryMedia(input: { mediaId: $id }) { media { state } userErrors { code } } }`;
const VIDEO = `query ($id: ID!) { node(id: $id) { ... on VideoMedia { state failureCode isGrowing sources { mimeType } } } }`;

(isMounted ? describe : describe.skip)('on a full disk', () => {
  const ballast = path.join(place, 'ballast');
  let world: World;
  let ada: Person;
  let film: Buffer;
  let images: ImageProcessor;
  let videos: VideoProcessor;

  beforeAll(async () => {
    world = await startWorld({ DATA_DIR: place });
    ada = await world.local('ada');
    film = await clip({ seconds: 2, options: ['-b:v', '4M', '-minrate', '4M', '-bufsize', '4M'] });
    images = imageProcessor();
    videos = openVideos(world.services);
  });
  afterEach(() => rm(ballast, { force: true }));
  afterAll(async () => {
    await images[Symbol.asyncDispose]();
    await videos[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  /** Leaves room for so many bytes. */
  async function fillBut(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(place);
    await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytes)));
  }

  async function declare(input: Record<string, unknown> = {}): Promise<Ticket> {
    const declared = { fileName: 'clip.mp4', mimeType: 'video/mp4', ...input };
    const { ticket } = await declareUpload(ada, film, declared);
    return ticket!;
  }

  async function files(directory: string): Promise<string[]> {
    const below = path.join(place, directory);
    const found = await readdir(below, { recursive: true, withFileTypes: true }).catch(() => []);
    const names = found.filter((entry) => entry.isFile()).map(({ name }) => name);
    return names.filter((name) => name !== 'ffmpeg' && name !== 'ffprobe');
  }

  const show = async (id: string): Promise<Record<string, unknown>> =>
    (await ada.graphql<{ node: Record<string, unknown> }>(VIDEO, { id })).data.node;

  function processIt({ media: { id } }: Ticket, attempt: number): Promise<unknown> {
    const job = createProcessVideo({ images, videos });
    const context = { ...world.services, jobId: '0', attempt };
    return job.run(context, { mediaId: parseGlobalId(id)!.id as MediaId });
  }

  async function sendPart(ticket: Ticket, offset: number): Promise<Response> {
    return fetch(world.reach(ticket.uploadUrl), {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      },
      body: new Uint8Array(film.subarray(offset)),
    });
  }

  async function offsetOf(ticket: Ticket): Promise<number> {
    const headers = { 'tus-resumable': '1.0.0' };
    const answer = await fetch(world.reach(ticket.uploadUrl), { method: 'HEAD', headers });
    return Number(answer.headers.get('upload-offset'));
  }

  test('R07 an upload is put off in words of its own, leaves nothing, and is taken once there is room', async () => {
    const ticket = await declare();
    await fillBut(100_000);
    const answer = await sendBytes(world, ticket, film);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    expect(await files('work')).toEqual([]);
    await rm(ballast);
    expect((await sendBytes(world, ticket, film)).status).toBe(204);
  });

  test('R07 a resumable upload keeps what it has, and goes on once there is room', async () => {
    const ticket = await declare({ preferredProtocol: 'TUS' });
    expect(await offsetOf(ticket)).toBe(0);
    await fillBut(200_000);
    const answer = await sendPart(ticket, 0);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    await rm(ballast);
    const offset = await offsetOf(ticket);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThan(film.length);
    expect((await sendPart(ticket, offset)).status).toBe(204);
  });

  // Room beside the original, which is copied first, and for less than a still picture and the renditions take.
  test.each([
    ['the original', (size: number) => size / 2],
    ['a still picture', (size: number) => size + 100_000],
    ['a rendition', (size: number) => size + 600_000],
  ])(
    'a video waits for room for %s, with nothing of it to be seen or kept',
    async (_, room) => {
      const ticket = await declare();
      const { id } = ticket.media;
      expect((await sendBytes(world, ticket, film)).status).toBe(204);
      const before = await files('media');
      await fillBut(room(film.length));
      const failure = await processIt(ticket, 1).catch((error: unknown) => error);
      expect(isOutOfRoom(failure)).toBe(true);
      expect(await show(id)).toMatchObject({ state: 'PROCESSING', sources: [] });
      expect([await files('work'), await files('media')]).toEqual([[], before]);

      await processIt(ticket, 12);
      expect(await show(id)).toMatchObject({ state: 'FAILED', failureCode: 'NO_SPACE' });
      await rm(ballast);
      const { data } = await ada.graphql<{ retryMedia: { userErrors: unknown[] } }>(RETRY, { id });
      expect(data.retryMedia.userErrors).toEqual([]);
      await processIt(ticket, 1);
      const video = await show(id);
      expect(video).toMatchObject({ state: 'READY', failureCode: null, isGrowing: false });
      expect(video['sources']).toHaveLength(2);
    },
    120_000,
  );
});
