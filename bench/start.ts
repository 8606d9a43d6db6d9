// `npm start` on an empty data directory, with the PostgreSQL that comes along: how soon it is ready, and how much
// memory its process holds once it has settled.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processTree, residentBytes } from './cpu.js';
import { freePort, isReady } from './contestant.js';
import { limited, type Figure } from './figure.js';

const ROUNDS = 5;
const MAX_SECONDS = 10;
const MAX_MEGABYTES = 200;
const POLL_MS = 20;
/** Settled = the largest of the last seconds is hardly above the least. */
const SETTLED_SAMPLES = 10;
const SETTLED_SPREAD = 1.01;
const MAX_SETTLING_SECONDS = 60;

/** Seconds from the command to readiness, and megabytes at rest. */
export async function run(): Promise<Figure[]> {
  const [seconds, megabytes]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    const started = await startFresh();
    seconds.push(started.seconds);
    megabytes.push(started.megabytes);
  }
  return [
    limited('npm start on no data: until ready / 10 s', seconds, MAX_SECONDS, 's'),
    limited('memory at rest, without PostgreSQL / 200 MB', megabytes, MAX_MEGABYTES, 'MB'),
  ];
}

async function startFresh(): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-bench-'));
  const port = await freePort();
  const startedAt = performance.now();
  const npm = spawn('npm', ['start'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dataDirectory,
      PORT: String(port),
      METRICS_PORT: '0',
    },
    stdio: 'ignore',
  });
  const exited = once(npm, 'exit');
  try {
    while (!(await isReady(port))) {
      if (npm.exitCode !== null) throw new Error('npm start ended before it was ready');
      await delay(POLL_MS);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    return { seconds, megabytes: (await settledBytes(serverOf(npm.pid!))) / 1e6 };
  } finally {
    if (npm.exitCode === null) process.kill(serverOf(npm.pid!), 'SIGTERM');
    await exited;
    await rm(dataDirectory, { recursive: true });
  }
}

/** Among npm, its shell, the server and its PostgreSQL. */
function serverOf(npmProcessId: number): number {
  const server = processTree(npmProcessId).find((processId) => {
    const [program, ...words] = readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0');
    return program?.endsWith('node') && words.some((word) => word.endsWith('dist/src/main.js'));
  });
  if (server === undefined) throw new Error('npm start has no server');
  return server;
}

async function settledBytes(processId: number): Promise<number> {
  const samples: number[] = [];
  for (let second = 0; second < MAX_SETTLING_SECONDS; second++) {
    samples.push(residentBytes(processId));
    const last = samples.slice(-SETTLED_SAMPLES);
    const isSettled = Math.max(...last) <= Math.min(...last) * SETTLED_SPREAD;
    if (last.length === SETTLED_SAMPLES && isSettled) break;
    await delay(1000);
  }
  return samples.at(-1)!;
}
