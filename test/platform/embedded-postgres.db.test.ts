// The embedded PostgreSQL through kills, crashes, strange accounts and second starts, each with real processes.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
} from 'node:fs';
import { readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ensureDatabase, startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.js';
import { locatePostgresBinaries } from '../../src/platform/db/postgres-binaries.js';
import { mortalPrefix } from '../../src/platform/db/postgres-command.js';
import { freshDatabase } from '../support/database.js';

const childScript = fileURLToPath(new URL('../support/postgres-child.js', import.meta.url));
const binariesModule = new URL('../../src/platform/db/postgres-binaries.js', import.meta.url).href;
const onLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const uidWithoutEntry = 54_321;
const uidWithEntry = 65_534;

let scratch: string;
let model: string;
beforeAll(async () => {
  scratch = mkdtempSync(path.join(realpathSync(tmpdir()), 'triptych-pg-'));
  chmodSync(scratch, 0o755);
  model = path.join(scratch, 'model');
  await (await startEmbeddedPostgres({ dataDirectory: model }))[Symbol.asyncDispose]();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A folder name that no test has used. */
function place(): string {
  return path.join(
    scratch,
    `data-${readdirSync(scratch).length}-${Math.random().toString(36).slice(2, 8)}`,
  );
}

/** A data directory on which a server ran before; copying one takes less time than making one. */
function usedPlace(): string {
  const dataDirectory = place();
  cpSync(model, dataDirectory, { recursive: true });
  return dataDirectory;
}

async function query(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

interface Server {
  node: ChildProcess;
  url: string;
  processId: number;
}

/** Starts the server in a process of its own; `prefix` are words before the command. Rejects with its error output. */
async function startInChild(dataDirectory: string, prefix: string[] = []): Promise<Server> {
  const [program = '', ...args] = [...prefix, process.execPath, childScript, dataDirectory];
  const node = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  node.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  for await (const line of createInterface(node.stdout)) return { node, ...JSON.parse(line) };
  throw new Error(complaint);
}

async function kill(server: Server, signal: NodeJS.Signals): Promise<void> {
  const exited = once(server.node, 'exit');
  server.node.kill(signal);
  await exited;
}

/** Waits until no such process exists. */
async function untilGone(processId: number): Promise<void> {
  while (isAlive(processId)) await delay(10);
}

/** False also for a process that has ended and whose new parent has not noticed yet. */
function isAlive(processId: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(processId)], {
    encoding: 'utf8',
  }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

/** Commits a row, so that a later start can show that it survived. */
async function commitMark(url: string): Promise<void> {
  await query(url, 'create table mark as select 7 as n');
}

async function expectMark(dataDirectory: string): Promise<void> {
  await using postgres = await startEmbeddedPostgres({ dataDirectory });
  expect(await query(postgres.connectionUrl('kept'), 'select n from mark')).toEqual([{ n: 7 }]);
}

test('two fresh databases do not see each other and vanish on dispose', async () => {
  await using first = await freshDatabase();
  let gone: string;
  {
    await using second = await freshDatabase();
    gone = second.url;
    await query(first.url, 'create table mark (n int)');
    expect(await query(first.url, 'select * from mark')).toEqual([]);
    await expect(query(second.url, 'select * from mark')).rejects.toMatchObject({ code: '42P01' });
  }
  await expect(query(gone, 'select 1')).rejects.toMatchObject({ code: '3D000' });
});

test('only a socket that no other account can reach leads to the server', async () => {
  const dataDirectory = usedPlace();
  await using postgres = await startEmbeddedPostgres({ dataDirectory });
  const url = postgres.connectionUrl('postgres');
  const socketDirectory = decodeURIComponent(new URL(url).hostname);
  expect(statSync(socketDirectory).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(dataDirectory, 'cluster')).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(dataDirectory, 'postgres.log')).mode & 0o777).toBe(0o600);
  expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
});

test('a stopped server has gone, and the next one finds its data; a database is made once', async () => {
  const dataDirectory = place();
  const postgres = await startEmbeddedPostgres({ dataDirectory, durability: 'fast' });
  await Promise.all([ensureDatabase(postgres, 'kept'), ensureDatabase(postgres, 'kept')]);
  await commitMark(postgres.connectionUrl('kept'));
  await postgres[Symbol.asyncDispose]();
  await postgres.exited;
  expect(isAlive(postgres.processId)).toBe(false);
  await postgres[Symbol.asyncDispose]();
  await expectMark(dataDirectory);
});

test('killing node with SIGKILL leaves no PostgreSQL behind, and the next start has the committed data', async () => {
  const dataDirectory = usedPlace();
  const server = await startInChild(dataDirectory);
  await commitMark(server.url);
  await kill(server, 'SIGKILL');
  await untilGone(server.processId);
  await expectMark(dataDirectory);
});

test('a start right after the kill waits for the dying predecessor', async () => {
  const dataDirectory = usedPlace();
  const server = await startInChild(dataDirectory);
  await commitMark(server.url);
  await kill(server, 'SIGKILL');
  await expectMark(dataDirectory);
});

test('a start after PostgreSQL itself was killed recovers', async () => {
  const dataDirectory = await crashedPlace();
  await expectMark(dataDirectory);
});

(onLinux ? test : test.skip)(
  'the same when its process id belongs to somebody else, or to nobody, by now',
  async () => {
    const bystander = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [ended] = await once(bystander.stdout, 'data');
      for (const processId of [String(bystander.pid), String(ended).trim()]) {
        const dataDirectory = await crashedPlace();
        const lock = path.join(dataDirectory, 'cluster', 'postmaster.pid');
        writeFileSync(lock, readFileSync(lock, 'utf8').replace(/^\d+/, processId));
        await expectMark(dataDirectory);
      }
    } finally {
      bystander.kill();
    }
  },
);

/** A data directory with a committed row whose PostgreSQL was killed before it could shut down. */
async function crashedPlace(): Promise<string> {
  const dataDirectory = usedPlace();
  const server = await startInChild(dataDirectory);
  await commitMark(server.url);
  process.kill(server.processId, 'SIGKILL');
  await untilGone(server.processId);
  await kill(server, 'SIGTERM');
  expect(existsSync(path.join(dataDirectory, 'cluster', 'postmaster.pid'))).toBe(true);
  return dataDirectory;
}

test('a second start on a directory in use is refused and disturbs nobody', async () => {
  const dataDirectory = usedPlace();
  await using postgres = await startEmbeddedPostgres({ dataDirectory });
  const second = startEmbeddedPostgres({ dataDirectory });
  await expect(second).rejects.toThrow(
    `Another PostgreSQL (process ${postgres.processId}) runs on ${dataDirectory}`,
  );
  expect(await query(postgres.connectionUrl('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('an interrupted first start does not poison the directory', async () => {
  const dataDirectory = place();
  mkdirSync(dataDirectory);
  const node = spawn(process.execPath, [childScript, dataDirectory], { stdio: 'ignore' });
  while (!existsSync(path.join(unfinished(dataDirectory) ?? '/nowhere', 'base'))) await delay(5);
  node.kill('SIGKILL');
  await once(node, 'exit');
  expect(existsSync(path.join(dataDirectory, 'cluster'))).toBe(false);
  const server = await startInChild(dataDirectory);
  await kill(server, 'SIGTERM');
});

function unfinished(dataDirectory: string): string | undefined {
  const name = readdirSync(dataDirectory).find((entry) => entry.startsWith('initdb-'));
  return name && path.join(dataDirectory, name);
}

test('a path too long for a socket works', async () => {
  const dataDirectory = path.join(place(), 'long'.repeat(25), 'päth with space');
  mkdirSync(dataDirectory, { recursive: true });
  await using postgres = await startEmbeddedPostgres({ dataDirectory });
  const url = postgres.connectionUrl('postgres');
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a failed start tells what PostgreSQL said', async () => {
  const dataDirectory = usedPlace();
  writeFileSync(path.join(dataDirectory, 'cluster', 'postgresql.auto.conf'), 'work_mem = banana\n');
  const start = startEmbeddedPostgres({ dataDirectory });
  await expect(start).rejects.toThrow('invalid value for parameter "work_mem": "banana"');
});

test('the links between the libraries are made where no install script made them', () => {
  const root = packageWithoutLinks();
  const version = (): number | null => {
    const { environment } = locatePostgresBinaries(path.join(root, 'links'), root);
    return spawnSync(path.join(root, 'native/bin/postgres'), ['--version'], { env: environment })
      .status;
  };
  expect(spawnSync(path.join(root, 'native/bin/postgres'), ['--version']).status).not.toBe(0);
  expect([version(), version()]).toEqual([0, 0]);
});

function packageWithoutLinks(): string {
  const root = place();
  cpSync(path.dirname(locatePostgresBinaries(scratch).directory), path.join(root, 'native'), {
    recursive: true,
    filter: (file) => !lstatSync(file).isSymbolicLink(),
  });
  return root;
}

test('where the kernel cannot, a watcher stops the program after its parent was killed', async () => {
  const prefix = JSON.stringify(mortalPrefix('darwin'));
  const program = `
    const [command, ...args] = ${prefix};
    const child = require('node:child_process').spawn(command, [...args, 'sleep', '60'], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    console.log(child.pid);`;
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [output] = await once(parent.stdout, 'data');
  const processId = Number(output);
  expect(isAlive(processId)).toBe(true);
  parent.kill('SIGKILL');
  await untilGone(processId);
});

const canActForOthers =
  onLinux &&
  isRoot &&
  spawnSync('setpriv', [...others(uidWithEntry), 'test', '-r', childScript]).status === 0;

function others(uid: number): string[] {
  return [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
}

(canActForOthers ? describe : describe.skip)('started by another account', () => {
  for (const [account, uid] of [
    ['an ordinary account', uidWithEntry],
    ['a user id without passwd entry', uidWithoutEntry],
  ] as const) {
    test(`${account} can run it, and SIGKILL leaves nothing behind`, async () => {
      const dataDirectory = place();
      mkdirSync(dataDirectory);
      chownSync(dataDirectory, uid, uid);
      const prefix = ['setpriv', ...others(uid)];
      const server = await startInChild(dataDirectory, prefix);
      await kill(server, 'SIGKILL');
      await untilGone(server.processId);
      const again = await startInChild(dataDirectory, prefix);
      await kill(again, 'SIGTERM');
      expect(isAlive(again.processId)).toBe(false);
    });
  }

  test('where node_modules is read-only the links go into the data directory', () => {
    const dataDirectory = place();
    mkdirSync(dataDirectory);
    chownSync(dataDirectory, uidWithoutEntry, uidWithoutEntry);
    const program = `
      const { locatePostgresBinaries } = await import(${JSON.stringify(binariesModule)});
      const { directory, environment } = locatePostgresBinaries(process.argv[1], process.argv[2]);
      const { spawnSync } = await import('node:child_process');
      const versions = ['initdb', 'postgres'].map(name => spawnSync(directory + '/' + name, ['--version'], { env: environment }));
      console.log(versions.map(version => version.status).join());`;
    const node = [
      process.execPath,
      '--input-type=module',
      '-e',
      program,
      path.join(dataDirectory, 'lib'),
      packageWithoutLinks(),
    ];
    const { stdout } = spawnSync('setpriv', [...others(uidWithoutEntry), ...node], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('0,0\n');
  });
});

(onLinux && isRoot ? describe : describe.skip)('started by root', () => {
  test('files of another account are refused with its number', async () => {
    const dataDirectory = usedPlace();
    chownSync(path.join(dataDirectory, 'cluster'), uidWithEntry, uidWithEntry);
    await expect(startEmbeddedPostgres({ dataDirectory })).rejects.toThrow(
      `belong to user id ${uidWithEntry}`,
    );
  });

  test('where user namespaces are forbidden root is told the two ways out', async () => {
    const forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
    const prefix = ['unshare', '--user', '--map-root-user', 'sh', '-c', forbid, 'sh'];
    const start = startInChild(place(), prefix);
    await expect(start).rejects.toThrow(
      /cannot run as root.*start Triptych from an ordinary account.*or set DATABASE_URL/,
    );
  });
});
