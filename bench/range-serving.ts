// What a megabyte of a video costs: a range from our server, with its look into the database, against a bare read stream.
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { newId, toGlobalId } from '../src/platform/ids.js';
import { startBenchDatabase, type BenchDatabase } from './bench-database.js';
import { startOurs, startRival, type Contestant } from './contestant.js';
import { treeSeconds } from './cpu.js';
import { compared, type Figure } from './figure.js';

const FILE_BYTES = 64 * 2 ** 20;
const RANGE_BYTES = 2 ** 20;
const CONCURRENCY = 8;
const WARM_UP_REQUESTS = 600;
const REQUESTS = 300;
const ROUNDS = 15;

/** CPU for a range of a megabyte: the limit against ours. */
export async function run(): Promise<Figure[]> {
  await using database = await startBenchDatabase();
  const { file, url } = await addVideo(database);
  await using ours = await startOurs(database, { ROLE: 'web' });
  await using raw = await startRival('./raw-file-server.js', [file]);
  for (const server of [ours, raw]) await costOf(server, url, WARM_UP_REQUESTS);
  const costs: { ours: number[]; raw: number[] } = { ours: [], raw: [] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.ours.push(await costOf(ours, url, REQUESTS));
    costs.raw.push(await costOf(raw, url, REQUESTS));
  }
  return [
    compared('range of 1 MiB: bare read stream / ours', [costs.raw, costs.ours], 'CPU µs', {
      atLeast: 0.7,
    }),
  ];
}

/** A public video whose one file is on the disk. */
async function addVideo({
  pool,
  dataDirectory,
}: BenchDatabase): Promise<{ file: string; url: string }> {
  const id = newId<'media'>(new Date());
  const key = 'renditions/bench';
  const file = path.join(dataDirectory, 'data', 'media', key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, randomBytes(FILE_BYTES));
  await pool.query(
    `insert into media (id, owner_id, kind, purpose, access, state, mime_type, attached_at, created_at, updated_at)
     values ($1, $1, 'video', 'POST', 'PUBLIC', 'READY', 'video/mp4', now(), now(), now())`,
    [id],
  );
  await pool.query(
    `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
     values ($1, 'video-1080', $2, 'video/mp4', 1080, 1920, $3)`,
    [id, key, FILE_BYTES],
  );
  return { file, url: `/media/${toGlobalId('media', id)}/video-1080.mp4` };
}

/** CPU µs per range, of the server and the backends that work for it. */
async function costOf(server: Contestant, url: string, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const before = treeSeconds(server.roots);
  let left = requests;
  const work = async (): Promise<void> => {
    while (left-- > 0) await fetchRange({ port: server.port, path: url, agent });
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  agent.destroy();
  return ((treeSeconds(server.roots) - before) / requests) * 1e6;
}

/** Fetches one of the ranges, and counts its bytes. */
function fetchRange(to: { port: number; path: string; agent: Agent }): Promise<void> {
  const start = Math.floor(Math.random() * (FILE_BYTES / RANGE_BYTES)) * RANGE_BYTES;
  const headers = { range: `bytes=${start}-${start + RANGE_BYTES - 1}` };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', ...to, headers }, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.on('end', () => {
        if (response.statusCode === 206 && bytes === RANGE_BYTES) resolve();
        else reject(new Error(`status ${response.statusCode} with ${bytes} bytes`));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
