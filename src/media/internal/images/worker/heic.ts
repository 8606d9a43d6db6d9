// HEIC has a decoder of its own: libheif's converter, as a child of the worker with the same limits.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WorkerJob } from '../worker-protocol.js';
import { inspect } from './inspect.js';
import type { Picture } from './inspect.js';
import { Rejection } from './rejection.js';

/**
 * Turns a HEIC file into a JPEG of the highest quality in the work directory; libheif has turned it upright.
 *
 * @throws {Rejection} DECODER_MISSING without a converter, DAMAGED when it refuses the file
 */
export async function convertHeic(heic: Picture, job: WorkerJob): Promise<Picture> {
  const { heifConvertPath, workDirectory } = job;
  if (!heifConvertPath) throw new Rejection('DECODER_MISSING', 'no heif-convert is configured');
  const output = path.join(workDirectory, 'converted.jpg');
  await run(heifConvertPath, ['-q', '100', heic.path, output]);
  const jpeg = await inspect(firstOf(output), job);
  return { ...jpeg, mimeType: heic.mimeType };
}

async function run(command: string, words: string[]): Promise<void> {
  const child = spawn(command, words, { stdio: 'ignore' });
  const [code, signal] = (await once(child, 'close').catch((error: unknown) => {
    throw new Rejection('DECODER_MISSING', String(error));
  })) as [number | null, string | null];
  if (code !== 0) throw new Rejection('DAMAGED', `heif-convert ended with ${code ?? signal}`);
}

/** A file with several pictures becomes several numbered files; the first one is the picture. */
function firstOf(output: string): string {
  const numbered = output.replace(/\.jpg$/, '-1.jpg');
  return existsSync(output) ? output : numbered;
}
