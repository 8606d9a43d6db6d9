// Entry of an image worker process: one job at a time, by message from the server; dies with the server.
import type { ImageReport, WorkerJob, WorkerMessage } from '../worker-protocol.js';
import { RENDITION_PLANS } from '../rendition-plan.js';
import { decodeBase } from './base-picture.js';
import { describe } from './describe.js';
import { convertHeic } from './heic.js';
import { inspect } from './inspect.js';
import { Rejection } from './rejection.js';
import { renderAll } from './render.js';

const DETAIL_LENGTH = 2000;
/** Share of the work until the picture is decoded, in percent. */
const DECODED_PERCENT = 20;

process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
process.on('message', (job) => void answer(job as WorkerJob));
say({ kind: 'ready' });

async function answer(job: WorkerJob): Promise<void> {
  say(await conclude(job));
}

async function conclude(job: WorkerJob): Promise<WorkerMessage> {
  try {
    return { kind: 'done', image: await processImage(job), usage: usage() };
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).slice(0, DETAIL_LENGTH);
    if (error instanceof Rejection)
      return { kind: 'rejected', reason: error.reason, detail, usage: usage() };
    return { kind: 'failed', detail, usage: usage() };
  }
}

async function processImage(job: WorkerJob): Promise<ImageReport> {
  const upload = await inspect(job.inputPath, job);
  const picture = upload.mimeType === 'image/heic' ? await convertHeic(upload, job) : upload;
  const plan = RENDITION_PLANS[job.purpose];
  const base = await decodeBase(picture, plan);
  say({ kind: 'progress', percent: DECODED_PERCENT });
  const onProgress = (share: number): void =>
    say({ kind: 'progress', percent: DECODED_PERCENT + share * (100 - DECODED_PERCENT) });
  const renditions = await renderAll({
    picture,
    base,
    plan,
    directory: job.workDirectory,
    onProgress,
  });
  return {
    sourceMimeType: picture.mimeType,
    width: picture.width,
    height: picture.height,
    isAnimated: picture.isAnimated,
    hasAlpha: base.hasAlpha,
    camera: upload.camera,
    ...(await describe(base)),
    renditions,
  };
}

function usage(): { cpuMicroseconds: number; maxRssBytes: number } {
  const { user, system } = process.cpuUsage();
  return { cpuMicroseconds: user + system, maxRssBytes: process.resourceUsage().maxRSS * 1024 };
}

function say(message: WorkerMessage): void {
  process.send?.(message);
}
