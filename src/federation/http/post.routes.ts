/** Posts and comments of this server and their counters, to whoever asks for ActivityStreams and may see them. */
import { Router, type Request, type Response } from 'express';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { canSee } from '../../posts/visibility.js';
import { findSubjectFacts } from '../../posts/visibility.queries.js';
import { CONTEXT } from '../documents/context.js';
import {
  dislikesDocument,
  likesDocument,
  noteDocument,
  sharesDocument,
} from '../documents/note-document.js';
import { videoDocument } from '../documents/video-document.js';
import { findFederatedPost, type FederatedPost } from '../federated-post.queries.js';
import { countReplies, findRepliesPage } from '../replies.queries.js';
import { answerCollection } from './answer-collection.js';
import { refuseMissing, sendDocument, wantsDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Null = it has none. */
type MakeDocument = (post: FederatedPost) => object | null;

/** PeerTube knows videos, and posts only as comments on them: under either address a video is one to it. */
const PEERTUBE = /^PeerTube\//;

/** Routes of posts and comments; to be mounted at the root. */
export function postRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  const answer = answering(services, gate);
  router.get(['/posts/:id', '/comments/:id'], async (request, response, next) => {
    if (wantsDocument(request))
      await answer(request, response, (post) => {
        if (post.kind === 'video') response.vary('User-Agent');
        const video = isPeerTube(request) ? videoDocument(services, post) : null;
        return video ?? noteDocument(services, post);
      });
    else next();
  });
  router.get('/posts/:id/video', (request, response) =>
    answer(request, response, (post) => videoDocument(services, post)),
  );
  const counters = { likes: likesDocument, shares: sharesDocument, dislikes: dislikesDocument };
  for (const [name, make] of Object.entries(counters))
    router.get([`/posts/:id/${name}`, `/comments/:id/${name}`], (request, response) =>
      answer(request, response, (post) => ({ '@context': CONTEXT[0], ...make(post) })),
    );
  router.get(['/posts/:id/replies', '/comments/:id/replies'], (request, response) =>
    answerReplies(services, gate, request, response),
  );
  return router;
}

function isPeerTube({ headers }: Request): boolean {
  return PEERTUBE.test(headers['user-agent'] ?? '');
}

/** Whom everybody sees answering what everybody sees. */
async function answerReplies(
  services: Services,
  gate: FetchGate,
  request: Request,
  response: Response,
): Promise<void> {
  const { database } = services;
  const post = await findAsked(services, request);
  const requester = await gate.admit(request, response, 'PUBLIC');
  if (!requester) return;
  const isSeenBy = (actorId: ActorId | null): Promise<boolean> =>
    isVisible(services, post, actorId);
  const { actorId } = requester;
  const isShown = (await isSeenBy(null)) && (actorId === null || (await isSeenBy(actorId)));
  if (!post || !isShown) {
    refuseMissing(services, response);
    return;
  }
  await answerCollection(services, request, response, {
    uri: `${post.uri}/replies`,
    countAll: () => (post.hidesCounts ? null : countReplies(database, post)),
    findPage: async (asked) => {
      const page = await findRepliesPage(database, post, asked);
      return { ...page, rows: page.rows.map(({ id, uri }) => ({ key: id, item: uri })) };
    },
  });
}

/** The post or comment whose address is asked for, or that of something of it. */
async function findAsked(
  { database, config }: Services,
  request: Request,
): Promise<FederatedPost | null> {
  const id = String(request.params['id']);
  const found = isUuid(id) ? await findFederatedPost(database, id) : null;
  const path = request.path.split('/', 3).join('/');
  return found?.uri === config.publicUrl.origin + path ? found : null;
}

/** Posts and comments as they are given to whoever may see them. */
function answering(services: Services, gate: FetchGate) {
  return async (request: Request, response: Response, make: MakeDocument): Promise<void> => {
    const post = await findAsked(services, request);
    const seen = await gate.admitToSeen(request, response, async (actorId) =>
      (await isVisible(services, post, actorId)) ? post : null,
    );
    if (!seen) return;
    const document = make(seen.found);
    if (document) sendDocument(response, document, seen.isForAll ? 'PUBLIC' : 'PRIVATE');
    else refuseMissing(services, response);
  };
}

/** Whether a post or comment is there for an actor of another server; null = for everybody. */
async function isVisible(
  { database }: Services,
  post: FederatedPost | null,
  actorId: ActorId | null,
): Promise<boolean> {
  const facts = post && (await findSubjectFacts(database, [post.id], actorId)).get(post.id);
  return facts ? canSee(actorId && { actorId, isLocal: false }, facts) : false;
}
