// Media whose bytes lie in an S3 bucket: how they are served, and what clients meet while the bucket is out of reach.
import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { statement } from '../../src/platform/db/database.js';
import { startS3Proxy, type S3Proxy } from '../support/s3-proxy.js';
import {
  describeWithS3,
  s3Environment,
  startS3Server,
  type S3Server,
} from '../support/s3-server.js';
import { declareUpload, sendBytes, uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

const MEDIA = 'query ($id: ID!) { node(id: $id) { ... on ImageMedia { state url sizeBytes } } }';

interface Shown {
  readonly state: string;
  readonly url: string;
}

describeWithS3('with STORAGE=s3', () => {
  let server: S3Server;
  let proxy: S3Proxy;
  let world: World;
  let ada: Person;
  let picture: Buffer;

  beforeAll(async () => {
    server = await startS3Server();
    proxy = await startS3Proxy(await server.bucket());
    world = await startWorld(s3Environment(proxy.location));
    ada = await world.local('ada');
    picture = await sharp({
      create: { width: 900, height: 600, channels: 3, background: '#336699' },
    })
      .jpeg()
      .toBuffer();
  });
  afterEach(() => proxy?.decide(() => 'FORWARD'));
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const show = async (id: string): Promise<Shown> =>
    (await ada.graphql<{ node: Shown }>(MEDIA, { id })).data.node;

  /** A processed picture: where it is, and its bytes. */
  async function shown(): Promise<{ url: string; bytes: Buffer; etag: string }> {
    const { url } = await show(await uploadPicture(world, ada, picture));
    const answer = await fetch(world.reach(url));
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { url: world.reach(url), bytes, etag: answer.headers.get('etag')! };
  }

  test('M14 a picture is served whole, by one range, by its head, or not again', async () => {
    const { url, bytes, etag } = await shown();
    expect((await sharp(bytes).metadata()).width).toBe(900);
    const part = (range: string, headers: Record<string, string> = {}) =>
      fetch(url, { headers: { range, ...headers } });

    const ten = await part('bytes=10-19');
    expect(ten.status).toBe(206);
    expect(ten.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`);
    expect(ten.headers.get('content-length')).toBe('10');
    expect(Buffer.from(await ten.arrayBuffer())).toEqual(bytes.subarray(10, 20));
    const end = await part('bytes=-5');
    expect(Buffer.from(await end.arrayBuffer())).toEqual(bytes.subarray(-5));
    const beyond = await part('bytes=99999999-');
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
    for (const whole of [
      await part('bytes=0-1,5-6'),
      await part('bytes=0-1', { 'if-range': '"x"' }),
    ]) {
      expect(whole.status).toBe(200);
      expect(Buffer.from(await whole.arrayBuffer())).toEqual(bytes);
    }
    expect((await part('bytes=0-1', { 'if-range': etag })).status).toBe(206);

    const asked = proxy.requests.length;
    expect(await statusOf(url, { 'if-none-match': `"x", ${etag}` })).toBe(304);
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
    expect(proxy.requests.slice(asked)).toEqual([]);
  });

  test('a viewer who leaves in the middle holds nothing and breaks nothing', async () => {
    const { url, bytes } = await shown();
    proxy.decide(() => 'BREAK');
    const answer = await fetch(url);
    await answer.body!.cancel();
    proxy.decide(() => 'FORWARD');
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
  });

  test('R24 while the bucket is out of reach a picture is unavailable, and no cache remembers that', async () => {
    const { url, bytes } = await shown();
    proxy.decide(() => 'FAIL');
    const failed = await fetch(url);
    expect(failed.status).toBe(503);
    expect(failed.headers.get('cache-control')).toBe('no-store');
    expect(failed.headers.get('etag')).toBeNull();
    expect(failed.headers.get('retry-after')).toBe('30');
    proxy.decide(() => 'FORWARD');
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
  });

  test('a picture whose object is lost is not there, and no cache remembers that', async () => {
    const { url } = await shown();
    for await (const key of world.services.storage.list())
      if (key.startsWith('renditions/')) await world.services.storage.remove(key);
    const lost = await fetch(url);
    expect(lost.status).toBe(404);
    expect(lost.headers.get('cache-control')).toBe('no-store');
    expect(await lost.json()).toMatchObject({ errors: [{ message: 'Not found.' }] });
  });

  test('R24 an upload that cannot be stored keeps its ticket, and works once the bucket is back', async () => {
    const { ticket } = await declareUpload(ada, picture);
    proxy.decide((asked) => (asked.startsWith('PUT') ? 'FAIL' : 'FORWARD'));
    const refused = await sendBytes(world, ticket!, picture);
    expect(refused.status).toBe(503);
    const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfter: 30 };
    expect(await refused.json()).toMatchObject({ errors: [{ extensions }] });
    proxy.decide(() => 'FORWARD');
    expect((await sendBytes(world, ticket!, picture)).status).toBe(204);
    await world.settle();
    expect((await show(ticket!.media.id)).state).toBe('READY');
  });

  test('a resumable upload keeps its bytes meanwhile: asking for its offset stores it', async () => {
    const { ticket } = await declareUpload(ada, picture, { preferredProtocol: 'TUS' });
    const url = world.reach(ticket!.uploadUrl);
    const headers = { 'tus-resumable': '1.0.0' };
    proxy.decide((asked) => (asked.startsWith('PUT') ? 'FAIL' : 'FORWARD'));
    const sent = await fetch(url, {
      method: 'PATCH',
      headers: {
        ...headers,
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: new Uint8Array(picture),
    });
    expect(sent.status).toBe(503);
    expect((await fetch(url, { method: 'HEAD', headers })).status).toBe(503);
    proxy.decide(() => 'FORWARD');
    const offset = await fetch(url, { method: 'HEAD', headers });
    expect(offset.status).toBe(200);
    expect(offset.headers.get('upload-offset')).toBe(String(picture.length));
    await world.settle();
    expect((await show(ticket!.media.id)).state).toBe('READY');
  });

  test('R24 processing waits for the bucket for longer than for a file that fails by itself', async () => {
    const { ticket } = await declareUpload(ada, picture);
    expect((await sendBytes(world, ticket!, picture)).status).toBe(204);
    proxy.decide(() => 'FAIL');
    for (let attempt = 1; attempt <= 4; attempt++) {
      await world.services.database.rows(DUE);
      await world.settle();
      expect((await show(ticket!.media.id)).state).toBe('PROCESSING');
      expect(await world.services.database.rows(ATTEMPTS)).toEqual([{ attempts: attempt }]);
    }
    proxy.decide(() => 'FORWARD');
    await world.services.database.rows(DUE);
    await world.settle();
    expect((await show(ticket!.media.id)).state).toBe('READY');
  });
});

const DUE = statement('test.due', 'update graphile_worker._private_jobs set run_at = now()');
const ATTEMPTS = statement(
  'test.attempts',
  `select attempts::int from graphile_worker.jobs where task_identifier = 'processUpload'`,
);

/** Without `fetch`, which adds `cache-control: no-cache` to conditional requests. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
}
