// Brings every object of one storage to another, and compares what arrived.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { isStorageOutage, StorageError } from '../../platform/storage/storage-error.js';
import type { Storage } from '../../platform/storage/storage.js';
import type { Ledger } from './ledger.js';

/** From where to where, and with what help. */
export interface Move {
  readonly from: Storage;
  readonly to: Storage;
  /** For one object at a time and worker; empty. */
  readonly directory: string;
  readonly ledger: Ledger;
  /** Called after each object. */
  readonly onProgress: (progress: Progress) => void;
}

/** How far it is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

/** What it came to. */
export interface Outcome {
  /** Brought over by this run. */
  objects: number;
  bytes: number;
  /** Brought over and verified by an earlier run. */
  earlier: number;
  /** Deleted by the server meanwhile. */
  vanished: number;
  /** Removed where they were. */
  removed: number;
  /** Left where they were, although that was asked for: they came after this run had begun. */
  left: number;
  failures: { key: string; reason: string }[];
}

const WORKERS = 4;
const MOST_FAILURES = 100;

/** What there is to do: objects and bytes, and how many are over there already, by key and size. */
export async function planMove({ from, to }: Pick<Move, 'from' | 'to'>): Promise<{
  objects: number;
  bytes: number;
  there: number;
}> {
  const plan = { objects: 0, bytes: 0, there: 0 };
  for await (const key of from.list()) {
    const found = await from.stat(key);
    if (!found) continue;
    plan.objects += 1;
    plan.bytes += found.sizeBytes;
    if ((await to.stat(key))?.sizeBytes === found.sizeBytes) plan.there += 1;
  }
  return plan;
}

/**
 * Moves everything. With `removes`, what was verified is removed where it was, after all of it has arrived.
 *
 * @throws {StorageError} when a storage does not answer: another run goes on from there
 */
export async function moveObjects(move: Move, removes: boolean): Promise<Outcome> {
  const outcome: Outcome = {
    objects: 0,
    bytes: 0,
    earlier: 0,
    vanished: 0,
    removed: 0,
    left: 0,
    failures: [],
  };
  const keys: string[] = [];
  for await (const key of move.from.list()) keys.push(key);
  let done = 0;
  await inParallel(keys, async (key) => {
    await moveOrNote(move, key, outcome);
    move.onProgress({ done: ++done, total: keys.length, bytes: outcome.bytes });
  });
  if (removes && outcome.failures.length === 0) await removeMoved(move, outcome);
  return outcome;
}

async function inParallel(
  keys: readonly string[],
  work: (key: string) => Promise<void>,
): Promise<void> {
  const rest = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of rest) await work(key);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

async function moveOrNote(move: Move, key: string, outcome: Outcome): Promise<void> {
  try {
    await moveOne(move, key, outcome);
  } catch (error) {
    if (isStorageOutage(error) || outcome.failures.length >= MOST_FAILURES) throw error;
    if (error instanceof StorageError && error.problem === 'OBJECT_MISSING') outcome.vanished += 1;
    else
      outcome.failures.push({
        key,
        reason: error instanceof Error ? error.message : String(error),
      });
  }
}

async function moveOne(
  { from, to, directory, ledger }: Move,
  key: string,
  outcome: Outcome,
): Promise<void> {
  const size = (await from.stat(key))?.sizeBytes;
  if (size === undefined) {
    outcome.vanished += 1;
    return;
  }
  if (ledger.has(key) && (await to.stat(key))?.sizeBytes === size) {
    outcome.earlier += 1;
    return;
  }
  const file = path.join(directory, randomBytes(8).toString('hex'));
  try {
    await pipeline(await from.read(key), createWriteStream(file, { mode: 0o600 }));
    const digest = await digestOf(createReadStream(file));
    if (digest.bytes !== size) throw new Error(`It has ${digest.bytes} bytes instead of ${size}.`);
    if (!(await isThere(to, key, digest))) {
      await to.putFile(key, file, 'application/octet-stream');
      if (!(await isThere(to, key, digest)))
        throw new Error('What arrived differs from what was sent.');
    }
  } finally {
    await rm(file, { force: true });
  }
  if (await from.stat(key)) {
    await ledger.add(key);
    outcome.objects += 1;
    outcome.bytes += size;
  } else {
    // deleted while it travelled
    await to.remove(key);
    outcome.vanished += 1;
  }
}

/** Length and SHA-256. */
interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

async function isThere(to: Storage, key: string, { bytes, sha256 }: Digest): Promise<boolean> {
  if ((await to.stat(key))?.sizeBytes !== bytes) return false;
  return (await digestOf(await to.read(key))).sha256 === sha256;
}

async function digestOf(stream: Readable): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function removeMoved({ from, to, ledger }: Move, outcome: Outcome): Promise<void> {
  for await (const key of from.list()) {
    const found = await from.stat(key);
    if (!found) continue;
    const isMoved = ledger.has(key) && (await to.stat(key))?.sizeBytes === found.sizeBytes;
    if (isMoved) await from.remove(key);
    outcome[isMoved ? 'removed' : 'left'] += 1;
  }
  if (outcome.left === 0) await ledger.forget();
}
