// A snac of its own for a test file: a server of the fediverse that nobody here wrote, on a port of this machine.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { HttpClient } from '../../src/platform/http-client.js';
import { freePort } from './free-port.js';
import { startWorld, type World } from './world.js';

const SCRIPT = path.resolve('tools/snac.sh');
const exec = promisify(execFile);

/** A running snac with one person on it. */
export interface Snac extends AsyncDisposable {
  readonly host: string;
  readonly origin: string;
  /** The person's actor. */
  readonly actorUri: string;
  readonly handle: string;
  /** Runs a command of snac; the person's name goes in place of `me`. */
  command(name: string, ...words: string[]): Promise<void>;
  /** Answers an object as the person, for so many, by the form of its pages. */
  answer(uri: string, text: string, visibility: 'public' | 'followers'): Promise<void>;
  /** The stored object of this address; null while there is none. */
  object(uri: string): Promise<Record<string, unknown> | null>;
  /** How many entries an index of an object has: `l` likes, `a` announces, `c` answers. */
  indexSize(uri: string, index: 'l' | 'a' | 'c'): Promise<number>;
  /** Whether the object stands in the person's timeline. */
  isInTimeline(uri: string): Promise<boolean>;
}

/** Whether it was fetched. */
export async function hasSnac(): Promise<boolean> {
  return exec(SCRIPT, ['is-installed']).then(
    () => true,
    () => false,
  );
}

/** Starts it with somebody named `sam`. */
export async function startSnac(): Promise<Snac> {
  if (!(await hasSnac())) {
    throw new Error(
      "snac is not here: tools/snac.sh install fetches it from the backports of Debian's mirror",
    );
  }
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), 'snac-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const base = path.join(directory, 'base');
  const port = await freePort();
  const host = `localhost:${port}`;
  await answering(['init', base], ['127.0.0.1', String(port), host, '', '']);
  await change(path.join(base, 'server.json'), { protocol: 'http', queue_retry_minutes: 1 });
  const { stdout, stderr } = await exec(SCRIPT, ['run', 'adduser', base, 'sam']);
  const password = /password is (\S+)/.exec(stdout + stderr)![1]!;
  const server = spawn(SCRIPT, ['run', 'httpd', base], { stdio: 'ignore' });
  stack.defer(async () => {
    const gone = new Promise((done) => server.once('exit', done));
    server.kill('SIGKILL');
    await gone;
  });
  await reachable(server, port);
  const objectFile = (uri: string, ending: string): Promise<string | null> =>
    findObject(base, uri, ending);
  const owned = stack.move();
  return {
    host,
    origin: `http://${host}`,
    actorUri: `http://${host}/sam`,
    handle: `sam@${host}`,
    command: async (name, ...words) => {
      await exec(SCRIPT, ['run', name, base, 'sam', ...words]);
    },
    answer: async (uri, text, visibility) => {
      const form = new FormData();
      form.set('content', text);
      form.set('in_reply_to', uri);
      form.set('visibility', visibility);
      const authorization = `Basic ${Buffer.from(`sam:${password}`).toString('base64')}`;
      const answer = await fetch(`http://${host}/sam/admin/note`, {
        method: 'POST',
        headers: { authorization },
        body: form,
        redirect: 'manual',
      });
      if (answer.status >= 400) throw new Error(`snac answers ${answer.status}`);
    },
    object: async (uri) => {
      const file = await objectFile(uri, '.json');
      return file === null
        ? null
        : (JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>);
    },
    indexSize: async (uri, index) => {
      const file = await objectFile(uri, `_${index}.idx`);
      return file === null
        ? 0
        : (await readFile(file, 'utf8')).trim().split('\n').filter(Boolean).length;
    },
    isInTimeline: async (uri) => {
      const digest = createHash('md5').update(uri).digest('hex');
      return existsSync(path.join(base, 'user', 'sam', 'private', `${digest}.json`));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A server of ours that snac reaches over plain HTTP on this machine, and that reaches snac. */
export async function startWorldOnLoopback(): Promise<World> {
  const ports = { target: 0 };
  const door = createServer((incoming) => {
    const outgoing = connect(ports.target, '127.0.0.1');
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy());
  });
  const port = await listen(door);
  const http = new HttpClient({
    name: 'test/1',
    isAllowed: (address) => address === '127.0.0.1' || address === '::1',
    isOpenUrl: ({ hostname }) => hostname === 'localhost',
  });
  const world = await startWorld({ PUBLIC_URL: `http://localhost:${port}` }, {}, { http });
  ports.target = Number(new URL(world.origin).port);
  return {
    ...world,
    [Symbol.asyncDispose]: async () => {
      door.close();
      await world[Symbol.asyncDispose]();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Runs a command that asks questions. */
async function answering(words: string[], answers: string[]): Promise<void> {
  const child = spawn(SCRIPT, ['run', ...words], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${answers.join('\n')}\n`);
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`snac ${words[0]} ended with ${String(code)}`);
}

async function change(file: string, settings: object): Promise<void> {
  const before = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...before, ...settings }));
}

async function reachable(server: ChildProcess, port: number): Promise<void> {
  while (server.exitCode === null && server.signalCode === null) {
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => done(true));
      socket.on('error', () => done(false));
      socket.unref();
    });
    if (isOpen) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('snac has ended');
}

/** Objects lie in files that are named after a digest; which one it is stands inside. */
async function findObject(base: string, uri: string, ending: string): Promise<string | null> {
  const root = path.join(base, 'object');
  for (const folder of await readdir(root)) {
    for (const name of await readdir(path.join(root, folder))) {
      if (!name.endsWith('.json')) continue;
      const file = path.join(root, folder, name);
      const { id } = JSON.parse(await readFile(file, 'utf8')) as { id?: string };
      if (id !== uri) continue;
      const wanted = file.replace(/\.json$/, ending);
      return existsSync(wanted) ? wanted : null;
    }
  }
  return null;
}
