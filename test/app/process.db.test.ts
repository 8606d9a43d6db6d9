// The process as an admin meets it: probes, drain, pinned identity, metrics.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { emptyDatabase, freshDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';

const MAIN = path.resolve('dist/src/main.js');

// Each test starts whole processes, up to four in a row, beside all other tests.
jest.setTimeout(300_000);

interface Running {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly metricsPort: number;
  output(): string;
  exited: Promise<number | null>;
}

async function run(
  environment: Record<string, string>,
  [command, ...args]: [string, ...string[]] = [process.execPath, MAIN],
): Promise<Running> {
  const port = await freePort();
  const metricsPort = await freePort();
  const child = spawn(command, args, {
    // A process group of its own, so that nothing that it starts can stay behind.
    detached: true,
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr.on('data', (part: Buffer) => (text += part.toString()));
  const exited = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  return { child, origin: `http://127.0.0.1:${port}`, metricsPort, output: () => text, exited };
}

/** Ends a process with all that it started. */
function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nothing of it is left
  }
}

async function poll(url: string, isWanted: (status: number) => boolean): Promise<Response> {
  for (;;) {
    try {
      const response = await fetch(url);
      if (isWanted(response.status)) return response;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

test('R21 a process answers its probes, serves metrics and drains on SIGTERM', async () => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const running = await run({ DATABASE_URL: database.url, DATA_DIR: dataDirectory });
  try {
    const ready = await poll(`${running.origin}/readyz`, (status) => status === 200);
    expect(await ready.json()).toEqual({ status: 'ready', database: 'ok' });
    expect(await (await fetch(`${running.origin}/livez`)).json()).toEqual({ status: 'alive' });
    const metrics = await (await fetch(`http://127.0.0.1:${running.metricsPort}/metrics`)).text();
    for (const name of [
      'triptych_queue_jobs{state="stuck"} 0',
      'triptych_queue_jobs{state="failed"} 0',
      'triptych_database_connections',
      'process_resident_memory_bytes',
    ]) {
      expect(metrics).toContain(name);
    }
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(0);
    expect(running.output().trimEnd()).toMatch(/"msg":"stopped"\}$/);
  } finally {
    running.child.kill('SIGKILL');
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('R21 with a delay, a load balancer sees the drain while requests are still served', async () => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const running = await run({
    DATABASE_URL: database.url,
    DATA_DIR: dataDirectory,
    DRAIN_DELAY_SECONDS: '600',
  });
  try {
    await poll(`${running.origin}/readyz`, (status) => status === 200);
    running.child.kill('SIGTERM');
    const draining = await poll(`${running.origin}/readyz`, (status) => status === 503);
    expect(await draining.json()).toEqual({ status: 'draining' });
    const answer = await fetch(`${running.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  } finally {
    running.child.kill('SIGKILL');
    await running.exited;
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('a signal to `npm start` reaches the server', async () => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const running = await run({ DATABASE_URL: database.url, DATA_DIR: dataDirectory }, [
    'npm',
    'start',
  ]);
  const isListening = () => fetch(`${running.origin}/livez`).then(Boolean, () => false);
  try {
    await poll(`${running.origin}/readyz`, (status) => status === 200);
    running.child.kill('SIGTERM');
    await running.exited;
    while (await isListening()) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(running.output()).toContain('"signal":"SIGTERM","delaySeconds":0,"msg":"draining"');
  } finally {
    endGroup(running.child);
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('a process whose embedded PostgreSQL dies says so and ends with code 1', async () => {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  // Where root runs this, PostgreSQL runs as another account.
  await chmod(dataDirectory, 0o755);
  const running = await run({ DATA_DIR: dataDirectory });
  try {
    await poll(`${running.origin}/readyz`, (status) => status === 200);
    const lock = path.join(dataDirectory, 'postgres', 'cluster', 'postmaster.pid');
    process.kill(Number.parseInt(await readFile(lock, 'utf8'), 10), 'SIGKILL');
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain('the embedded PostgreSQL has ended');
  } finally {
    endGroup(running.child);
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('a database of a newer version stops the start in one sentence and stays as it is', async () => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(
      "insert into mikro_orm_migrations (name, executed_at) values ('9999-of-tomorrow', now())",
    );
    const running = await run({ DATABASE_URL: database.url, DATA_DIR: dataDirectory });
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain(
      'triptych cannot start: The database is of a newer version (9999-of-tomorrow): start that version, or restore a backup of this one.',
    );
    expect(running.output()).not.toContain('    at ');
  } finally {
    await client.end();
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

/** Everything that migrations make, as text. */
const SCHEMA = `select string_agg(line, e'\n' order by line) as text from (
  select format('%s.%s %s %s %s', table_schema, table_name, column_name, data_type, column_default) as line
    from information_schema.columns where table_schema in ('public', 'graphile_worker')
  union all select indexdef from pg_indexes where schemaname in ('public', 'graphile_worker')
  union all select conname || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace
  union all select tgname || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all select 'migration ' || name from mikro_orm_migrations) made`;

async function ask(url: string, text: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows[0] ?? {};
  } finally {
    await client.end();
  }
}

test('R22 migrations that were killed in the middle leave nothing, and the next start makes all of them', async () => {
  await using database = await emptyDatabase();
  await using whole = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const environment = { DATABASE_URL: database.url, DATA_DIR: dataDirectory };
  try {
    const first = await run(environment);
    let report: { migrations?: { done: number } } = {};
    while ((report.migrations?.done ?? 0) < 10) {
      const answer = await poll(`${first.origin}/readyz`, (status) => status === 503);
      report = (await answer.json()) as typeof report;
    }
    first.child.kill('SIGKILL');
    await first.exited;
    const { made } = await ask(
      database.url,
      'select count(*)::int as made from mikro_orm_migrations',
    );
    expect(made).toBe(0);

    const second = await run(environment);
    await poll(`${second.origin}/readyz`, (status) => status === 200);
    second.child.kill('SIGTERM');
    expect(await second.exited).toBe(0);
    expect(await ask(database.url, SCHEMA)).toEqual(await ask(whole.url, SCHEMA));
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('R08 a clock that is not the one of the database is told at the start, and the server runs', async () => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const name = new URL(database.url).pathname.slice(1);
  // A database whose clock is ten minutes behind.
  for (const text of [
    'create schema behind',
    `create function behind.clock_timestamp() returns timestamptz language sql
       as $$ select pg_catalog.clock_timestamp() - interval '10 minutes' $$`,
    `alter database ${name} set search_path = public, behind, pg_catalog`,
  ])
    await ask(database.url, text);
  const running = await run({ DATABASE_URL: database.url, DATA_DIR: dataDirectory });
  try {
    await poll(`${running.origin}/readyz`, (status) => status === 200);
    expect(running.output()).toMatch(
      /"aheadMs":(599|60[0-9])\d{3},"msg":"the clock of this machine/,
    );
  } finally {
    running.child.kill('SIGKILL');
    await running.exited;
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test.each(['PORT', 'METRICS_PORT'])('a %s in use stops the start in one sentence', async (name) => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '::', () => resolve()));
  const { port } = taken.address() as AddressInfo;
  try {
    const running = await run({
      DATABASE_URL: database.url,
      DATA_DIR: dataDirectory,
      METRICS_HOST: '0.0.0.0',
      [name]: String(port),
    });
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain(
      `triptych cannot start: ${name}=${port} is in use by another process: end it, or choose another port.`,
    );
    expect(running.output()).not.toContain('    at ');
  } finally {
    await new Promise((resolve) => taken.close(resolve));
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('R23 a changed domain or server key on existing data stops the start with an explanation', async () => {
  await using database = await freshDatabase();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const base = { DATABASE_URL: database.url, DATA_DIR: dataDirectory };
  try {
    const first = await run({ ...base, PUBLIC_URL: 'https://a.example' });
    await poll(`${first.origin}/readyz`, (status) => status === 200);
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);

    const moved = await run({ ...base, PUBLIC_URL: 'https://b.example' });
    expect(await moved.exited).toBe(1);
    expect(moved.output()).toContain(
      'These data belong to a.example, but PUBLIC_URL (without it, PORT) says b.example.',
    );

    await rm(path.join(dataDirectory, 'server.key'), { force: true });
    const lostKey = await run({ ...base, PUBLIC_URL: 'https://a.example' });
    expect(await lostKey.exited).toBe(1);
    expect(lostKey.output()).toContain('Put it back from a backup.');
    expect(existsSync(path.join(dataDirectory, 'server.key'))).toBe(false);

    const otherKey = await run({
      ...base,
      PUBLIC_URL: 'https://a.example',
      TRIPTYCH_SERVER_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    expect(await otherKey.exited).toBe(1);
    expect(otherKey.output()).toMatch(
      /sealed under the server key \w{16}, but this server has the key/,
    );
    expect(otherKey.output()).not.toContain('    at ');
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test('R23 a database that is down is waited for, alive but not ready', async () => {
  const port = await freePort();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  const running = await run({
    DATABASE_URL: `postgresql://nobody@127.0.0.1:${port}/none`,
    DATA_DIR: dataDirectory,
  });
  try {
    let report: { status?: unknown } = { status: 'starting' };
    while (report.status === 'starting') {
      const answer = await poll(`${running.origin}/readyz`, (status) => status === 503);
      report = (await answer.json()) as { status?: unknown };
    }
    expect(report).toEqual({ status: 'waiting-for-database' });
    expect((await fetch(`${running.origin}/livez`)).status).toBe(200);
    const early = await fetch(`${running.origin}/graphql`, { method: 'POST' });
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
    const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 };
    expect(await early.json()).toMatchObject({ errors: [{ extensions }] });
    running.child.kill('SIGTERM');
    expect(await running.exited).toBe(0);
    expect(running.output()).toContain('"signal":"SIGTERM","msg":"stopped while starting"');
  } finally {
    running.child.kill('SIGKILL');
    await running.exited;
    await rm(dataDirectory, { recursive: true, force: true });
  }
});

test.each([
  ['a DATA_DIR that is a file', MAIN, '', `DATA_DIR=${MAIN} cannot be used as a directory`],
  ['the root as DATA_DIR', '/', '', 'DATA_DIR=/ would scatter the data'],
  [
    'a DATA_DIR in /proc',
    '/proc/triptych',
    '',
    'DATA_DIR=/proc/triptych cannot be used as a directory',
  ],
  [
    'a database that is not there',
    tmpdir(),
    'missing',
    'The database of DATABASE_URL refuses the connection: database "missing" does not exist',
  ],
])('%s stops the start in one sentence', async (_what, dataDirectory, name, sentence) => {
  await using database = await freshDatabase();
  const url = new URL(database.url);
  if (name !== '') url.pathname = `/${name}`;
  const running = await run({ DATA_DIR: dataDirectory, DATABASE_URL: url.href });
  expect(await running.exited).toBe(1);
  expect(running.output()).toContain(`triptych cannot start: ${sentence}`);
  expect(running.output()).not.toContain('    at ');
});

test('an invalid or unknown variable stops the start and names itself', async () => {
  const running = await run({ PORT: 'eighty', SMTP_URI: 'smtp://x' });
  expect(await running.exited).toBe(1);
  expect(running.output()).toContain('PORT=eighty');
  expect(running.output()).toContain('SMTP_URI');
});
