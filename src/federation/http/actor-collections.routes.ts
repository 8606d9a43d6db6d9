/** The collections of an actor of this server: what they said, pinned and name, whom they follow, who follows them. */
import { Router, type Request, type Response } from 'express';
import { findActors, type ActorRow } from '../../actors/actor.queries.js';
import { findRelations } from '../../actors/relationship.queries.js';
import type { Holds } from '../../collections/collection.entity.js';
import { findCollectionsOfOwners } from '../../collections/collections.queries.js';
import { COLLECTIONS_PER_OWNER } from '../../collections/save-collection.js';
import type { Services } from '../../platform/context.js';
import { toPage, type Page, type PageRequest } from '../../platform/db/page.js';
import { findPinnedPosts } from '../../posts/profile.queries.js';
import { instanceActorUri } from '../addresses.js';
import { featuredUri } from '../documents/actor-document.js';
import { wholeCollection, type Member } from '../documents/collection-document.js';
import { hashtagDocument, noteOf } from '../documents/note-document.js';
import { announceActivity, createActivity, embedded } from '../documents/said.js';
import { hashtagsOfProfile } from '../featured-hashtags.js';
import { findFederatedPosts } from '../federated-post.queries.js';
import { followersOnHost, partialFollowersUri } from '../followers-digest.js';
import { collectionUri, findLocalActor } from '../local-actor.js';
import { countOutbox, findOutboxPage } from '../outbox.queries.js';
import { hostOf } from '../resolve-actor.js';
import { answerCollection } from './answer-collection.js';
import { refuseMissing, sendDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

type Answer = (actor: ActorRow, request: Request, response: Response) => Promise<void> | void;

/** Routes of the collections of actors, and of the server's own; to be mounted at the root. */
export function actorCollectionRoutes(services: Services, gate: FetchGate): Router {
  const { config, database } = services;
  const router = Router();
  const serve = (name: string, respond: Answer): void => {
    router.get(`/actors/:id/${name}`, async (request: Request, response) => {
      const actor = await findLocalActor(database, String(request.params['id']));
      if (!actor) refuseMissing(services, response);
      else if (await gate.admitTo(actor.id, request, response))
        await respond(actor, request, response);
    });
  };
  serve('outbox', (actor, request, response) =>
    answerCollection(services, request, response, {
      uri: `${actor.uri}/outbox`,
      countAll: () => countOutbox(database, actor.id),
      findPage: (page) => outboxPage(services, actor, page),
    }),
  );
  serve('featured', async ({ id, uri }, _request, response) => {
    const notes = await pinnedNotes(services, id);
    sendDocument(response, wholeCollection(featuredUri(uri), notes, true));
  });
  serve('collections', async ({ id, uri }, _request, response) => {
    const all = { size: COLLECTIONS_PER_OWNER, isBackward: false, from: null };
    const of = (holds: Holds) =>
      findCollectionsOfOwners(database, [id], { holds, isHighlighted: null }, all, null);
    const found = [...(await of('POSTS')), ...(await of('VIDEOS'))];
    const uris = found.map((collection) => collectionUri(config, collection.id));
    sendDocument(response, wholeCollection(`${uri}/collections`, uris, true));
  });
  serve('featured-tags', ({ uri, bioSource }, _request, response) => {
    const tags = hashtagsOfProfile(bioSource).map((tag) => hashtagDocument(config, tag));
    sendDocument(response, wholeCollection(`${uri}/featured-tags`, tags, false));
  });
  for (const list of ['followers', 'following'] as const)
    serve(list, (actor, request, response) => {
      const { uri, hidesFollowLists, followerCount, followingCount } = actor;
      const count = list === 'followers' ? followerCount : followingCount;
      return answerCollection(services, request, response, {
        uri: `${uri}/${list}`,
        countAll: () => (hidesFollowLists ? null : count),
        findPage: hidesFollowLists ? null : (page) => relationsPage(services, list, actor, page),
      });
    });
  router.get('/actors/:id/followers-synchronization', async (request: Request, response) => {
    const actor = await findLocalActor(database, String(request.params['id']));
    const requesterId = await gate.admitKnown(actor?.id ?? null, request, response);
    if (!requesterId) return;
    const asking = await hostOf(database, requesterId);
    if (!actor || !asking) return refuseMissing(services, response);
    const uris = await followersOnHost(database, actor.id, asking);
    const document = wholeCollection(partialFollowersUri(actor.uri), uris, true);
    sendDocument(response, document, 'PRIVATE');
  });
  router.get('/actor/outbox', (_request, response) => {
    sendDocument(response, wholeCollection(`${instanceActorUri(config)}/outbox`, [], true));
  });
  return router;
}

/** Three statements, however long the page is: who it is, what is on it, and the posts among that. */
async function outboxPage(
  services: Services,
  actor: ActorRow,
  request: PageRequest,
): Promise<Page<Member>> {
  const page = await findOutboxPage(services.database, actor.id, request);
  const said = page.rows.filter(({ isRepost }) => !isRepost).map(({ id }) => id);
  const found = said.length === 0 ? [] : await findFederatedPosts(services.database, said);
  const posts = new Map(found.map((post) => [post.id as string, post]));
  const rows = page.rows.flatMap(({ id, isRepost, ...repost }) => {
    const post = posts.get(id);
    if (isRepost)
      return [
        { key: id, item: embedded(announceActivity(actor.uri, { repostId: id, ...repost })) },
      ];
    return post ? [{ key: id, item: embedded(createActivity(services, post)) }] : [];
  });
  return { ...page, rows };
}

/** What everybody sees of what stands first on a profile: at most six. */
async function pinnedNotes(services: Services, actorId: ActorRow['id']): Promise<object[]> {
  const { database, clock } = services;
  const pinned = await findPinnedPosts(database, [actorId], null, clock.now());
  if (pinned.length === 0) return [];
  const ids = pinned.map(({ id }) => id);
  const posts = new Map((await findFederatedPosts(database, ids)).map((post) => [post.id, post]));
  return ids.flatMap((id) => {
    const post = posts.get(id);
    return post ? [noteOf(services, post)] : [];
  });
}

async function relationsPage(
  { database }: Services,
  list: 'followers' | 'following',
  { id }: ActorRow,
  request: PageRequest,
): Promise<Page<Member>> {
  const page = toPage(request, await findRelations(database, list, [id], null, request));
  const actors = await findActors(
    database,
    page.rows.map(({ actorId }) => actorId),
  );
  const uris = new Map(actors.map(({ id: actorId, uri }) => [actorId, uri]));
  return { ...page, rows: page.rows.map((row) => ({ key: row.id, item: uris.get(row.actorId) })) };
}
