/** `GET /emojis/archive.tar.gz`: all custom emoji, by a signed link. Without one it looks like what is not there. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Router, type Response } from 'express';
import { answerMissing } from '../../media/http/serve-object.js';
import { answerError } from '../../platform/answer-error.js';
import type { Services } from '../../platform/context.js';
import { isSignedEmojiArchive } from '../emoji-archive-url.js';
import { exportEmojis } from '../export-emojis.js';

/** A link is good for many requests; each of them reads every picture and holds a file. */
const MOST_AT_ONCE = 2;
const BUSY = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'Others fetch the archive now. Try again later.',
  retryAfter: 30,
} as const;

/** Routes below /emojis. */
export function emojiArchiveRoutes(services: Services): Router {
  const router = Router();
  let running = 0;
  router.get('/archive.tar.gz', async (request, response) => {
    if (!isSignedEmojiArchive(services, request.query)) {
      answerMissing(services.config, response);
      return;
    }
    if (running >= MOST_AT_ONCE) {
      answerError(services.config, response, BUSY);
      return;
    }
    running += 1;
    try {
      await answerArchive(services, response);
    } finally {
      running -= 1;
    }
  });
  return router;
}

async function answerArchive(services: Services, response: Response): Promise<void> {
  // Written first: whoever reads slowly holds a file, and what fails is no half of an archive.
  await using scratch = await services.scratch.directory();
  const file = path.join(scratch.path, 'emoji.tar.gz');
  await exportEmojis(services, file);
  const { size } = await stat(file);
  response.set({
    'Content-Type': 'application/gzip',
    'Content-Length': String(size),
    'Content-Disposition': 'attachment; filename="emoji.tar.gz"',
    'Cache-Control': 'no-store',
  });
  // Whoever hangs up needs no answer.
  await pipeline(createReadStream(file), response).catch((error: unknown) => {
    if (!response.destroyed) throw error;
  });
}
