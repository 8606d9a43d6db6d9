// A resumable upload and a server that is killed: the real process, with no chance to say goodbye.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { Upload } from 'tus-js-client';
import { freshDatabase } from '../support/database.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';

const REGISTER = `mutation { registerAccount(input: { username: "ada", email: "ada@people.example",
  password: "orange kite over water", birthDate: "1990-05-01", agreedToRules: true }) { token } }`;
const CREATE = `mutation ($size: BigInt!) { createUpload(input: { purpose: POST, fileName: "a.jpg", mimeType: "image/jpeg",
  sizeBytes: $size, preferredProtocol: TUS }) { ticket { uploadUrl media { id } } } }`;
const STATE = `query ($id: ID!) { node(id: $id) { ... on ImageMedia { state width } } }`;

test('M13 an upload goes on where it stood when the server was killed in the middle of it', async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const environment = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDirectory,
    PUBLIC_URL: 'https://a.example',
  };
  const picture = await sharp(randomBytes(900 * 600 * 3), {
    raw: { width: 900, height: 600, channels: 3 },
  })
    .jpeg({ quality: 95 })
    .toBuffer();
  const half = Math.floor(picture.length / 2);

  const first = await startServerProcess(environment);
  const { registerAccount } = await first.graphql<{ registerAccount: { token: string } }>(REGISTER);
  const { createUpload } = await first.graphql<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(CREATE, { size: String(picture.length) }, registerAccount.token);
  const { pathname } = new URL(createUpload.ticket.uploadUrl);
  await killDuring(first, pathname, picture, half, dataDirectory);

  const second = stack.use(await startServerProcess(environment));
  const offsets = await resume(`${second.origin}${pathname}`, picture);
  expect(offsets.first).toBe(half);
  const show = async () =>
    (
      await second.graphql<{ node: object }>(
        STATE,
        { id: createUpload.ticket.media.id },
        registerAccount.token,
      )
    ).node;
  let media = await show();
  while (JSON.stringify(media).includes('PROCESSING')) {
    await delay(50);
    media = await show();
  }
  expect(media).toEqual({ state: 'READY', width: 900 });
  expect(await readdir(path.join(dataDirectory, 'uploads', 'tus'))).toEqual([]);
});

/** Sends the first half of the bytes as the start of the whole, waits until they are on disk, and kills the server. */
async function killDuring(
  server: ServerProcess,
  pathname: string,
  picture: Buffer,
  half: number,
  dataDirectory: string,
): Promise<void> {
  const url = new URL(server.origin);
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => undefined);
  socket.write(
    `PATCH ${pathname} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
      `Content-Type: application/offset+octet-stream\r\nContent-Length: ${picture.length}\r\n\r\n`,
  );
  socket.write(picture.subarray(0, half));
  const directory = path.join(dataDirectory, 'uploads', 'tus');
  const arrived = async (): Promise<number> => {
    const [name] = await readdir(directory);
    return name === undefined ? 0 : (await stat(path.join(directory, name))).size;
  };
  while ((await arrived()) < half) await delay(5);
  await server.kill();
  socket.destroy();
}

function resume(uploadUrl: string, picture: Buffer): Promise<{ first: number }> {
  return new Promise((resolve, reject) => {
    let first = -1;
    new Upload(picture, {
      uploadUrl,
      retryDelays: null,
      onProgress: (sent) => {
        if (first < 0) first = sent;
      },
      onError: reject,
      onSuccess: () => resolve({ first }),
    }).start();
  });
}
