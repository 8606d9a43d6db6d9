/** `GET /emojis/archive.tar.gz`: all custom emoji, by a signed link. Without one it looks like what is not there. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { answerMissing } from '../../media/http/serve-object.js';
import type { Services } from '../../platform/context.js';
import { isSignedEmojiArchive } from '../emoji-archive-url.js';
import { exportEmojis } from '../export-emojis.js';

/** Routes below /emojis. */
export function emojiArchiveRoutes(services: Services): Router {
  const router = Router();
  router.get('/archive.tar.gz', async (request, response) => {
    if (!isSignedEmojiArchive(services, request.query)) {
      answerMissing(services.config, response);
      return;
    }
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
  });
  return router;
}
