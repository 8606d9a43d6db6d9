/** Posts that somebody put in an order under a title, to whoever asks for ActivityStreams and may see them. */
import { Router, type Request, type Response } from 'express';
import { findActors } from '../../actors/actor.queries.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { CollectionId } from '../../collections/collection.entity.js';
import {
  countCollectionPosts,
  findCollections,
  findPostsOfCollections,
  type CollectionRow,
} from '../../collections/collections.queries.js';
import type { Services } from '../../platform/context.js';
import { toPage, type Page, type PageRequest } from '../../platform/db/page.js';
import { isUuid } from '../../platform/ids.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { followersUri } from '../documents/actor-document.js';
import type { Member } from '../documents/collection-document.js';
import type { Addressees } from '../documents/note-document.js';
import { collectionUri } from '../local-actor.js';
import { answerCollection } from './answer-collection.js';
import { refuseMissing, wantsDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

const POSITION = /^\d{1,9}$/;

/** Routes of collections; to be mounted at the root, before their pages. */
export function collectionRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get('/collections/:id', async (request, response, next) => {
    if (wantsDocument(request)) await answer(services, gate, request, response);
    else next();
  });
  return router;
}

async function answer(
  services: Services,
  gate: FetchGate,
  request: Request,
  response: Response,
): Promise<void> {
  const { database, config } = services;
  const id = String(request.params['id']);
  const seen = await gate.admitToSeen(request, response, async (viewerId) =>
    isUuid(id) ? ((await findCollections(database, [id], viewerId, null))[0] ?? null) : null,
  );
  if (!seen) return;
  const { found: collection, actorId } = seen;
  const [owner] = await findActors(database, [collection.ownerId]);
  if (!owner) return refuseMissing(services, response);
  await answerCollection(services, request, response, {
    uri: collectionUri(config, collection.id),
    countAll: async () => (await countCollectionPosts(database, [id], actorId))[0]?.count ?? 0,
    findPage: (page) => membersOf(services, collection.id, page, actorId),
    isKey: (text) => POSITION.test(text),
    caching: actorId === null ? 'PUBLIC' : 'PRIVATE',
    more: {
      url: collectionUri(config, collection.id),
      attributedTo: owner.uri,
      name: collection.title,
      summary: collection.description,
      published: collection.createdAt.toISOString(),
      updated: collection.updatedAt.toISOString(),
      ...addresseesOf(collection, owner.uri),
    },
  });
}

async function membersOf(
  { database }: Services,
  id: CollectionId,
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<Page<Member>> {
  const posts = await findPostsOfCollections(database, [id], request, viewerId);
  const page = toPage(request, posts);
  return {
    ...page,
    rows: page.rows.map(({ position, uri }) => ({ key: String(position), item: uri })),
  };
}

function addresseesOf({ visibility }: CollectionRow, ownerUri: string): Addressees {
  const followers = followersUri(ownerUri);
  if (visibility === 'PUBLIC') return { to: [PUBLIC], cc: [followers] };
  if (visibility === 'UNLISTED') return { to: [followers], cc: [PUBLIC] };
  return { to: visibility === 'FOLLOWERS' ? [followers] : [], cc: [] };
}
