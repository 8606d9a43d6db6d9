/** What the hub of a conversation sends: believed as far as the hub may say it, and in its order. */
import type { ActorId } from '../actors/actor.entity.js';
import { readWelcomeRefs } from '../mls/welcome-refs.js';
import type { Services } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { passNotice } from '../platform/realtime/passing-notice.js';
import { siteOf } from '../platform/site-of.js';
import { CHAT_SIGNAL, chatTopic, conversationOffered, type SignalNotice } from './chat.events.js';
import { tellBehind } from './catch-up-mirror.js';
import type { ConversationId } from './conversation.js';
import { findMirrorByUri, lockMirror, type Mirror } from './internal/mirror/mirror.js';
import { devicesOfDocument, NamedDevices } from './internal/mirror/named-devices.js';
import { findPeople, namedInDocument } from './internal/mirror/people.js';
import { isComplete, knownOf, placeAll } from './internal/mirror/place-all.js';
import { readDevice, readPlace, type MirrorPlace } from './internal/mirror/read-entry.js';
import { readHubDocument, type HubDocument } from './internal/mirror/read-hub-document.js';
import { bytesIn, listIn, objectIn, type Json } from './internal/mirror/read-json.js';
import { keepAnswering } from './internal/mirror/silent-hubs.js';
import { takeDocument } from './internal/mirror/take-document.js';
import { SIGNAL_BYTES } from './send-chat-signal.js';

/** What receiving takes. */
export type ReceivingServices = Pick<Services, 'database' | 'clock' | 'rateLimiter'>;

/** Conversations that the servers of one domain offer to people here in an hour. */
const OFFERS = {
  name: 'offered_conversations',
  points: 600,
  windowSeconds: 3600,
  failsClosed: true,
};
/** People of one notice: more do not fit. */
const PER_NOTICE = 100;

const OURS = statement(
  'chat_key_packages.of_people_here',
  `select exists (select from chat_key_packages package join chat_devices device on device.id = package.device_id
     join actors a on a.id = device.actor_id where package.ref = any($1::bytea[]) and a.domain is null) as "isOurs"`,
);
const HEARERS = statement(
  'mirrors.hearers',
  `select distinct device.actor_id as id from conversation_devices device
     join conversation_members member on member.conversation_id = device.conversation_id and member.actor_id = device.actor_id
     join actors a on a.id = device.actor_id
   where device.conversation_id = $1 and device.left_sequence is null and not member.is_request and a.domain is null`,
);
const SENDER = statement(
  'mirrors.signal_sender',
  `select device.id from chat_devices device join actors a on a.id = device.actor_id
     join conversation_devices stay on stay.device_id = device.id and stay.conversation_id = $1 and stay.left_sequence is null
   where a.uri = $2 and device.signature_key = $3`,
);

/** Whether an activity is of a conversation, rather than of somebody. */
export function isOfConversation(activity: Json): boolean {
  const { actor, object } = activity;
  if (typeof actor !== 'string') return false;
  const said = objectIn(object);
  if (isType(activity, 'Create')) return said?.['conversation'] === actor && 'seq' in said;
  if (isType(activity, 'Update')) return said?.['id'] === actor && 'mlsGroupId' in said;
  return isType(activity, 'tri:Signal') || isType(activity, 'Signal');
}

/**
 * Takes what a hub sends in the name of a conversation; the caller has made sure that it is the server of this conversation.
 * What cannot be taken as it is, is asked for by a job. Opens its own transactions.
 */
export async function receiveFromHub(services: ReceivingServices, activity: Json): Promise<void> {
  const uri = String(activity['actor']);
  const mirror = await findMirrorByUri(services.database, uri);
  if (mirror) await keepAnswering(services.database, mirror);
  if (isType(activity, 'Create')) await receivePlace(services, uri, mirror, activity);
  else if (!mirror) return;
  else if (isType(activity, 'Update')) await receiveState(services, mirror, activity['object']);
  else if (isType(activity, 'Delete')) await tellBehind(services, mirror.id);
  else await receiveSignal(services, mirror, activity);
}

/** Whether a conversation of this identity is mirrored here: then its end is no news of an actor. */
export async function isMirrored(reader: Reader, uri: string): Promise<boolean> {
  return (await findMirrorByUri(reader, uri)) !== null;
}

async function receivePlace(
  services: ReceivingServices,
  uri: string,
  mirror: Mirror | null,
  activity: Json,
): Promise<void> {
  const place = readPlace(activity, uri);
  if (!place) return;
  if (!mirror) return offer(services, uri, place);
  const knowledge = await knownOf(services, [place]);
  if (isComplete(knowledge, [place])) {
    const { placing } = await placeAll(services, mirror.id, [place], knowledge);
    if (placing !== 'BEHIND') return;
  }
  await tellBehind(services, mirror.id);
}

/** Only a Welcome for somebody here makes us ask what it is about. */
async function offer(
  { database, rateLimiter }: ReceivingServices,
  uri: string,
  place: MirrorPlace,
): Promise<void> {
  if (place.kind !== 'WELCOME' || !place.content) return;
  const refs = readWelcomeRefs(place.content);
  if (!refs || !(await database.row<{ isOurs: boolean }>(OURS, [refs]))?.isOurs) return;
  const { isExceeded } = await rateLimiter.charge(OFFERS, siteOf(new URL(uri).host), 1);
  if (isExceeded) return;
  const { sequence } = place;
  await database.transaction((tx) => tx.append(conversationOffered, { uri, sequence }));
}

async function receiveState(
  services: ReceivingServices,
  mirror: Mirror,
  said: unknown,
): Promise<void> {
  const document = readHubDocument(said, mirror.hubUri);
  if (document && (await takeKnown(services, mirror.id, document))) return;
  await tellBehind(services, mirror.id);
}

/** False when somebody is not known yet, or the document is of another place. */
async function takeKnown(
  { database, clock }: ReceivingServices,
  id: ConversationId,
  document: HubDocument,
): Promise<boolean> {
  const uris = namedInDocument(document);
  const people = await findPeople(database, uris);
  const named = devicesOfDocument(document);
  const devices = await NamedDevices.find(database, named);
  const isStrange = devices.askableOf(named, people).length > 0;
  if (isStrange || !uris.every((uri) => people.has(uri))) return false;
  return database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    if (mirror?.lastSequence !== document.sequence) return false;
    const knowledge = { people, devices, lost: new Set<string>(), now: clock.now() };
    return (await takeDocument(tx, mirror, document, knowledge)) !== null;
  });
}

async function receiveSignal(
  { database }: ReceivingServices,
  { id: conversationId }: Mirror,
  activity: Json,
): Promise<void> {
  const sender = readDevice(activity['sender']);
  const payload = bytesIn(activity['payload'], SIGNAL_BYTES);
  if (!sender || !payload) return;
  const values = [conversationId, sender.actorUri, sender.signatureKey];
  const device = await database.row<{ id: SignalNotice['senderDeviceId'] }>(SENDER, values);
  if (!device) return;
  const hearers = await database.rows<{ id: ActorId }>(HEARERS, [conversationId]);
  const senderDeviceId = device.id;
  const notice: SignalNotice = {
    conversationId,
    senderDeviceId,
    payload: payload.toString('base64'),
  };
  for (let from = 0; from < hearers.length; from += PER_NOTICE) {
    const topics = hearers.slice(from, from + PER_NOTICE).map(({ id }) => chatTopic(id));
    await passNotice(database, { name: CHAT_SIGNAL, topics, payload: notice });
  }
}

function isType(activity: Json, type: string): boolean {
  return listIn(activity['type']).includes(type);
}
