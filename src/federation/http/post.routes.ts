/** Posts and comments of this server, to whoever asks for ActivityStreams and may see them. */
import { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { canSee } from '../../posts/visibility.js';
import { findSubjectFacts } from '../../posts/visibility.queries.js';
import { noteDocument } from '../documents/note-document.js';
import { findFederatedPost } from '../federated-post.queries.js';
import { refuseMissing, sendDocument, wantsDocument } from './answers.js';

/** Routes of posts and comments; to be mounted at the root. */
export function postRoutes(services: Services): Router {
  const router = Router();
  router.get(['/posts/:id', '/comments/:id'], async (request, response, next) => {
    if (wantsDocument(request)) await answer(services, request, response);
    else next();
  });
  return router;
}

/** Only what everybody may see is given to whoever asks without saying who they are. */
async function answer(services: Services, request: Request, response: Response): Promise<void> {
  const id = String(request.params['id']);
  const post = isUuid(id) ? await findFederatedPost(services.database, id) : null;
  const facts = post && (await findSubjectFacts(services.database, [id], null)).get(id);
  const isKind = post?.uri === services.config.publicUrl.origin + request.path;
  if (post && facts && isKind && canSee(null, facts))
    sendDocument(response, noteDocument(services, post));
  else refuseMissing(services, response);
}
