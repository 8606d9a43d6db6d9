// Media in an S3 bucket, from the first start to the backup, as an administrator and people meet it: real processes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { connect } from '../../src/platform/db/connection.js';
import type { S3Location } from '../../src/platform/storage/s3-client.js';
import { openS3Storage } from '../../src/platform/storage/s3.js';
import { freshDatabase } from '../support/database.js';
import {
  describeWithS3,
  rawClient,
  s3Environment,
  startS3Server,
  type S3Server,
} from '../support/s3-server.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

jest.setTimeout(600_000);

const REGISTER = `mutation { registerAccount(input: { username: "ada", email: "ada@people.example",
  password: "orange kite over water", birthDate: "1990-05-01", agreedToRules: true }) { token } }`;
const CREATE = `mutation ($size: BigInt!) { createUpload(input: { purpose: POST, fileName: "a.jpg", mimeType: "image/jpeg",
  sizeBytes: $size }) { ticket { uploadUrl media { id } } } }`;
const MEDIA = 'query ($id: ID!) { node(id: $id) { ... on ImageMedia { state url } } }';
const PUBLISH = `mutation ($input: PublishPhotoPostInput!) { publishPhotoPost(input: $input) {
  post { id } userErrors { message } } }`;
const DELETE = `mutation ($input: DeletePostInput!) { deletePost(input: $input) { deletedPostId userErrors { message } } }`;

async function keysOf(location: S3Location): Promise<string[]> {
  const keys = [];
  for await (const key of openS3Storage(location).list()) keys.push(key);
  return keys.toSorted();
}

describeWithS3('a server with STORAGE=s3', () => {
  let directory: string;
  let s3: S3Server;
  const at = (name: string) => path.join(directory, name);
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'triptych-journey-'));
    s3 = await startS3Server();
  });
  afterAll(async () => {
    await s3?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  });

  const environmentOf = (location: S3Location, databaseUrl: string, dataDirectory: string) => ({
    PUBLIC_URL: 'https://photos.example',
    DATABASE_URL: databaseUrl,
    DATA_DIR: at(dataDirectory),
    ...s3Environment(location),
  });

  test('a photograph goes into the bucket, is served by ranges, survives in a backup, and is deleted from the bucket', async () => {
    await using database = await freshDatabase();
    const bucket = await s3.bucket();
    const environment = environmentOf(bucket, database.url, 'first');
    await using server = await startServerProcess(environment);
    const photo = await sharp({
      create: { width: 900, height: 600, channels: 3, background: '#336699' },
    })
      .jpeg()
      .toBuffer();
    const { registerAccount } = await server.graphql<{ registerAccount: { token: string } }>(
      REGISTER,
    );
    const { token } = registerAccount;
    const mediaId = await upload(server, token, photo);
    const { publishPhotoPost } = await server.graphql<{
      publishPhotoPost: { post: { id: string } };
    }>(PUBLISH, { input: { mediaIds: [mediaId], common: { visibility: 'PUBLIC' } } }, token);
    const place = new URL(await urlOf(server, token, mediaId)).pathname;
    const bytes = Buffer.from(await (await fetch(server.origin + place)).arrayBuffer());
    const part = await fetch(server.origin + place, { headers: { range: 'bytes=100-199' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(100, 200));
    const keys = await keysOf(bucket);
    expect(keys.filter((key) => key.startsWith('originals/'))).toHaveLength(1);
    expect(keys.filter((key) => key.startsWith('renditions/')).length).toBeGreaterThan(1);

    const created = await triptych(['backup', 'create', at('backup.tar')], environment);
    expect(created).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${keys.length} media, the server key`),
    });
    expect(await triptych(['backup', 'verify', at('backup.tar')], environment)).toMatchObject({
      code: 0,
    });

    await server.graphql(DELETE, { input: { postId: publishPhotoPost.post.id } }, token);
    while ((await keysOf(bucket)).length > 0) await delay(50);
    expect((await fetch(server.origin + place)).status).toBe(404);
    await server.stop();

    await using empty = await emptyDatabase();
    const otherBucket = await s3.bucket();
    const restored = environmentOf(otherBucket, empty.url, 'second');
    expect(await triptych(['backup', 'restore', at('backup.tar')], restored)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await keysOf(otherBucket)).toEqual(keys);
    await using second = await startServerProcess(restored);
    const again = await fetch(second.origin + place);
    expect(again.status).toBe(200);
    expect(Buffer.from(await again.arrayBuffer())).toEqual(bytes);
  });

  test('a start that cannot succeed names what is wrong, without a stack trace', async () => {
    await using database = await freshDatabase();
    const bucket = await s3.bucket();
    for (const [wrong, message] of [
      [{ ...bucket, bucket: 'nowhere' }, /There is no bucket nowhere at .+ S3_BUCKET/],
      [{ ...bucket, secretAccessKey: 'wrong' }, /Access to the bucket .+ S3_SECRET_ACCESS_KEY/],
      [s3.asStranger(bucket), /Access to the bucket .+ is denied at .+ \(AccessDenied\)/],
    ] as const) {
      const environment = environmentOf(wrong, database.url, 'refused');
      const failed = await startServerProcess(environment).catch((error: Error) => error.message);
      expect(failed).toMatch(/triptych cannot start: /);
      expect(failed).toMatch(message);
      expect(failed).not.toContain('    at ');
    }
  });

  test('a bucket out of reach is logged and does not keep the rest from starting', async () => {
    await using database = await freshDatabase();
    const location = { ...(await s3.bucket()), endpoint: new URL('http://127.0.0.1:1') };
    await using server = await startServerProcess(
      environmentOf(location, database.url, 'unreachable'),
    );
    expect(server.output()).toContain('media can be neither stored nor shown');
    expect(server.output()).toContain('does not answer at 127.0.0.1:1 (ECONNREFUSED)');
    expect(
      (await server.graphql<{ registerAccount: object }>(REGISTER)).registerAccount,
    ).toMatchObject({ token: expect.any(String) });
  });

  test('the doctor names what is wrong with a bucket, and leaves nothing in a good one', async () => {
    const bucket = await s3.bucket();
    const find = async (location: S3Location) => {
      const { stdout } = await triptych(['doctor', '--json'], {
        DATA_DIR: at('doctor'),
        ...s3Environment(location),
      });
      const findings: { check: string; state: string; detail: string }[] = JSON.parse(stdout);
      return findings.find(({ check }) => check === 'media-storage');
    };
    const failed = (detail: string) => ({
      check: 'media-storage',
      state: 'failed',
      detail: expect.stringContaining(detail),
    });
    expect(await find(bucket)).toEqual({
      check: 'media-storage',
      state: 'ok',
      detail: `bucket ${bucket.bucket} takes, returns and removes objects`,
    });
    expect(await keysOf(bucket)).toEqual([]);
    expect(await find({ ...bucket, bucket: 'nowhere' })).toEqual(failed('There is no bucket'));
    expect(await find(s3.asStranger(bucket))).toEqual(failed('is denied at'));
    expect(await find({ ...bucket, endpoint: new URL('http://127.0.0.1:1') })).toEqual(
      failed('does not answer at 127.0.0.1:1 (ECONNREFUSED). Check S3_ENDPOINT.'),
    );
    await openToTheWorld(bucket);
    expect(await find(bucket)).toEqual(failed('is public'));
    expect(await keysOf(bucket)).toEqual([]);
  });

  test('a backup without its bucket is not made, and one is not restored into nowhere', async () => {
    await using database = await freshDatabase();
    const bucket = await s3.bucket();
    const environment = environmentOf(bucket, database.url, 'saved');
    await using server = await startServerProcess(environment);
    await server.stop();
    const lost = { ...environment, S3_BUCKET: 'nowhere' };
    const error = expect.stringMatching(/^There is no bucket nowhere at [^\n]+\n$/);
    expect(await triptych(['backup', 'create', at('lost.tar')], lost)).toEqual({
      code: 1,
      stdout: '',
      stderr: error,
    });
    expect((await triptych(['backup', 'create', at('good.tar')], environment)).code).toBe(0);
    await using empty = await emptyDatabase();
    const nowhere = { ...lost, DATABASE_URL: empty.url, DATA_DIR: at('nowhere') };
    expect(await triptych(['backup', 'restore', at('good.tar')], nowhere)).toMatchObject({
      code: 1,
      stderr: error,
    });
  });
});

/** Sends a picture and waits until it is processed; its global id. */
async function upload(server: ServerProcess, token: string, photo: Buffer): Promise<string> {
  const { createUpload } = await server.graphql<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(CREATE, { size: String(photo.length) }, token);
  const { uploadUrl, media } = createUpload.ticket;
  const sent = await fetch(server.origin + new URL(uploadUrl).pathname, {
    method: 'PUT',
    body: new Uint8Array(photo),
  });
  expect(sent.status).toBe(204);
  const state = async () => (await show(server, token, media.id)).state;
  while ((await state()) === 'PROCESSING') await delay(50);
  expect(await state()).toBe('READY');
  return media.id;
}

async function show(
  server: ServerProcess,
  token: string,
  id: string,
): Promise<{ state: string; url: string }> {
  return (await server.graphql<{ node: { state: string; url: string } }>(MEDIA, { id }, token))
    .node;
}

async function urlOf(server: ServerProcess, token: string, id: string): Promise<string> {
  return (await show(server, token, id)).url;
}

async function emptyDatabase() {
  const database = await freshDatabase();
  await using connection = await connect(database.url);
  await connection.query(
    'drop schema public cascade; drop schema if exists graphile_worker cascade; create schema public',
  );
  return database;
}

async function openToTheWorld({ bucket, ...location }: S3Location): Promise<void> {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
  ];
  await rawClient({ bucket, ...location }).send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
}
