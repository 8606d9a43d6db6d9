/** Custom emoji of this server, to whoever asks for ActivityStreams. All of it is public. */
import { Router } from 'express';
import { findEmojis } from '../../emojis/emojis.queries.js';
import type { EmojiId } from '../../emojis/emoji.js';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { emojiDocument } from '../documents/emoji-document.js';
import { refuseMissing, sendDocument, wantsDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of emoji; to be mounted at the root. */
export function emojiRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get('/emojis/:id', async (request, response, next) => {
    if (!wantsDocument(request)) {
      next();
      return;
    }
    if (!(await gate.admit(request, response, 'PUBLIC'))) return;
    const { id } = request.params;
    const [emoji] = isUuid(id) ? await findEmojis(services.database, [id as EmojiId]) : [];
    if (emoji?.domain === null && emoji.isEnabled)
      sendDocument(response, emojiDocument(services, emoji));
    else refuseMissing(services, response);
  });
  return router;
}
