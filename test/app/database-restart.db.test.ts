// R04: PostgreSQL dies under a server that is at work, and comes back at once, or after a while.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { connect } from '../../src/platform/db/connection.js';
import {
  ensureDatabase,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/db/embedded-postgres.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { connectSocket, subscribe, type TestSocket } from '../support/socket.js';

jest.setTimeout(300_000);

const REGISTER = `mutation { registerAccount(input: { username: "ada", email: "ada@people.example",
  password: "orange kite over water", birthDate: "1990-05-01", agreedToRules: true }) { token } }`;
const CREATE = `mutation ($size: BigInt!) { createUpload(input: { purpose: POST, fileName: "a.jpg", mimeType: "image/jpeg",
  sizeBytes: $size }) { ticket { uploadUrl media { id } } } }`;
const PROGRESS = `subscription ($id: ID!) { jobProgress(id: $id) { state } }`;
const RENAME = `mutation ($name: String!) { updateProfile(input: { displayName: $name }) { userErrors { code } } }`;
const NAME = '{ viewer { actor { displayName } } }';
const PROCESSING_WAITS = `select from pg_locks l join pg_class c on c.oid = l.relation
  where c.relname = 'renditions' and not l.granted`;

/** A database server of the test's own, which can die and come back under the same address. */
class MortalPostgres implements AsyncDisposable {
  private constructor(
    private readonly dataDirectory: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<MortalPostgres> {
    const dataDirectory = await mkdtemp(path.join(await realpath(tmpdir()), 'triptych-pg-'));
    await chmod(dataDirectory, 0o755);
    const server = await startEmbeddedPostgres({ dataDirectory, durability: 'fast' });
    await ensureDatabase(server, 'triptych');
    return new MortalPostgres(dataDirectory, server);
  }

  get url(): string {
    return this.server.connectionUrl('triptych');
  }

  /** Ends it as `pg_ctl stop -m immediate` does: without a word to whoever is connected, and nothing is put in order. */
  async crash(): Promise<void> {
    process.kill(this.server.processId, 'SIGQUIT');
    await this.server[Symbol.asyncDispose]();
  }

  async comeBack(): Promise<void> {
    const { dataDirectory } = this;
    this.server = await startEmbeddedPostgres({ dataDirectory, durability: 'fast' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }
}

/** Names that somebody takes, one after the other, whatever becomes of it. */
class Renaming {
  private isOver = false;
  asked = 0;
  acknowledged = 0;

  constructor(
    private readonly server: ServerProcess,
    private readonly token: string,
  ) {}

  async run(): Promise<void> {
    while (!this.isOver) {
      const name = ++this.asked;
      const isDone = await this.server.graphql(RENAME, { name: String(name) }, this.token).then(
        () => true,
        () => false,
      );
      if (isDone) this.acknowledged = name;
      else await delay(50);
    }
  }

  /** Resolves when a name was taken that nobody had asked for before. */
  async goesOn(): Promise<void> {
    const { asked } = this;
    while (this.acknowledged <= asked) await delay(5);
  }

  stop(): void {
    this.isOver = true;
  }
}

async function declare(server: ServerProcess, token: string, bytes: Buffer) {
  const { createUpload } = await server.graphql<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(CREATE, { size: String(bytes.length) }, token);
  const { uploadUrl, media } = createUpload.ticket;
  const send = async (): Promise<void> => {
    const url = `${server.origin}${new URL(uploadUrl).pathname}`;
    const { status } = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) });
    expect(status).toBe(204);
  };
  return { id: media.id, send };
}

async function untilSucceeded(socket: TestSocket, id: string): Promise<void> {
  for (;;) {
    const message = await socket.next();
    if (message.type === 'ping') socket.send({ type: 'pong' });
    if (message.id !== id) continue;
    expect(message.type).toBe('next');
    const { data } = message.payload as { data: { jobProgress: { state: string } } };
    if (data.jobProgress.state === 'SUCCEEDED') return;
  }
}

async function untilStatus(url: string, status: number): Promise<Response> {
  for (;;) {
    const answer = await fetch(url);
    if (answer.status === status) return answer;
    await answer.body?.cancel();
    await delay(50);
  }
}

/** A picture of noise, small enough to be made at once. */
function makePicture(): Promise<Buffer> {
  const raw = { width: 300, height: 300, channels: 3 } as const;
  return sharp(randomBytes(raw.width * raw.height * raw.channels), { raw })
    .jpeg()
    .toBuffer();
}

/** The database ends while a job is in the middle of its last step. */
async function crashWithin(postgres: MortalPostgres, begin: () => Promise<void>): Promise<void> {
  await using blocker = await connect(postgres.url);
  await blocker.query('begin; lock table renditions in exclusive mode');
  await begin();
  while ((await blocker.query(PROCESSING_WAITS)).rowCount === 0) await delay(5);
  await postgres.crash();
}

async function expectUnavailable({ origin }: ServerProcess): Promise<void> {
  const unready = await untilStatus(`${origin}/readyz`, 503);
  expect(await unready.json()).toEqual({ status: 'ready', database: 'unreachable' });
  expect((await fetch(`${origin}/livez`)).status).toBe(200);
  const headers = { 'content-type': 'application/json', authorization: 'Bearer unknown' };
  const body = '{"query":"{ viewer { id } }"}';
  const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers, body });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfter: 2 };
  expect(await answer.json()).toMatchObject({ errors: [{ extensions }] });
}

test('R04 a PostgreSQL that crashes under load and comes back finds the same process, and nothing acknowledged is lost', async () => {
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await MortalPostgres.start());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const environment = { DATABASE_URL: postgres.url, DATA_DIR: dataDirectory };
  const server = stack.use(await startServerProcess(environment));
  type Registered = { registerAccount: { token: string } };
  const { token } = (await server.graphql<Registered>(REGISTER)).registerAccount;
  const picture = await makePicture();
  const [during, afterwards] = [
    await declare(server, token, picture),
    await declare(server, token, picture),
  ];
  const socket = stack.use(await connectSocket(server.origin, token));
  subscribe(socket, 'during', PROGRESS, { id: during.id });
  subscribe(socket, 'afterwards', PROGRESS, { id: afterwards.id });
  const renaming = new Renaming(server, token);
  stack.defer(() => renaming.stop());
  const renamed = renaming.run();
  await renaming.goesOn();

  await crashWithin(postgres, during.send);
  await expectUnavailable(server);
  // Longer than whoever listens for events pauses between two attempts.
  await delay(6_000);
  await postgres.comeBack();
  await untilStatus(`${server.origin}/readyz`, 200);

  await renaming.goesOn();
  renaming.stop();
  await renamed;
  type Named = { viewer: { actor: { displayName: string } } };
  const { viewer } = await server.graphql<Named>(NAME, {}, token);
  const name = Number(viewer.actor.displayName);
  expect(name).toBeGreaterThanOrEqual(renaming.acknowledged);
  expect(name).toBeLessThanOrEqual(renaming.asked);
  // The same socket tells of the job that was cut off, and of a new one.
  await untilSucceeded(socket, 'during');
  await afterwards.send();
  await untilSucceeded(socket, 'afterwards');
  expect(await server.stop()).toBe(0);
});
