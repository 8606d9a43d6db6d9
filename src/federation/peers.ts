/** How slices below ask other servers: each request signed in the form that the other side reads. */
import type { ActorId } from '../actors/actor.entity.js';
import { findActors } from '../actors/actor.queries.js';
import type { OutsideReply } from '../platform/http-client.js';
import { OutsideUnavailable } from '../platform/outside-unavailable.js';
import type { PeerAnswer, PeerQuestion, Peers } from '../platform/peers.js';
import { isOurs, originOf } from './addresses.js';
import type { FetchServices } from './internal/fetch-document.js';
import { MalformedDocument } from './internal/read-document.js';
import { formFor, headersIn, keepRefusal, type SignatureForm } from './internal/signature-forms.js';
import { findLocalActor, localActorId } from './local-actor.js';
import { requireRemoteDevice } from './remote-devices.js';
import { resolveActor } from './resolve-actor.js';
import { instanceKey, signingKeyOf, type SigningKey } from './signing-keys.js';

/** With this a server may say that it cannot read a signature. */
const UNAUTHENTICATED = 401;
const TYPE = 'application/activity+json';
const ACCEPT = 'application/activity+json, application/ld+json, application/json';

/** Other servers as this one reaches them. */
export function createPeers(services: FetchServices): Peers {
  return {
    ask: (question) => ask(services, question),
    findActor: (uri) => findActor(services, uri),
    findDevice: async (uri, key) => (await requireRemoteDevice(services, uri, key))?.id ?? null,
  };
}

async function ask(services: FetchServices, question: PeerQuestion): Promise<PeerAnswer> {
  const key = await keyOf(services, question.as);
  const host = URL.parse(question.url)?.host ?? '';
  const form = await formFor(services, host);
  const reply = await askIn(services, question, key, form);
  if (form !== 'MESSAGE' || reply.status !== UNAUTHENTICATED) return reply;
  const again = await askIn(services, question, key, 'DRAFT');
  if (again.status !== UNAUTHENTICATED) await keepRefusal(services, host);
  return again;
}

function askIn(
  { http, clock }: FetchServices,
  { method, url, body, maxBytes, timeoutMs }: PeerQuestion,
  key: SigningKey,
  form: SignatureForm,
): Promise<OutsideReply> {
  const target = URL.parse(url);
  if (!target) throw new OutsideUnavailable('FORBIDDEN_URL', 'Not an absolute address.');
  const request = { method, url: target, body: body ?? null };
  const headers = {
    accept: ACCEPT,
    ...(body && { 'content-type': TYPE }),
    ...headersIn(form, request, key, clock.now()),
  };
  return http.ask(url, { method, headers, ...(body && { body }) }, { maxBytes, timeoutMs });
}

async function keyOf(services: FetchServices, actorId: ActorId | null): Promise<SigningKey> {
  if (actorId === null) return instanceKey(services);
  const [actor] = await findActors(services.database, [actorId]);
  if (!actor) throw new Error('Nobody asks.');
  return signingKeyOf(services, { uri: actor.uri, actorId });
}

async function findActor(services: FetchServices, uri: string): Promise<ActorId | null> {
  const { config, database } = services;
  if (isOurs(config, uri)) {
    const id = localActorId(config.publicUrl.origin, uri);
    return id && ((await findLocalActor(database, id))?.id ?? null);
  }
  if (originOf(uri) === null) return null;
  try {
    return (await resolveActor(services, uri)).actorId;
  } catch (error) {
    if (error instanceof OutsideUnavailable || error instanceof MalformedDocument) return null;
    throw error;
  }
}
