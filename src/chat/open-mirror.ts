/** A conversation of another server begins here: a Welcome of its hub is for a device of somebody here. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { RateLimit } from '../platform/rate-limiter.js';
import { siteOf } from '../platform/site-of.js';
import type { ConversationId } from './conversation.js';
import { catchUpMirror, type MirrorServices } from './catch-up-mirror.js';
import { fetchHubDocument, fetchHubPage } from './internal/mirror/ask-hub.js';
import { findMirrorByUri, type Mirror } from './internal/mirror/mirror.js';
import { devicesOfDocument, NamedDevices } from './internal/mirror/named-devices.js';
import { meetPeople, namedInDocument, type People } from './internal/mirror/people.js';
import { learnedOf, putAll } from './internal/mirror/place-all.js';
import type { Knowledge } from './internal/mirror/placing.js';
import { isSameOrigin } from './internal/mirror/read-json.js';
import type { MirrorPlace } from './internal/mirror/read-entry.js';
import type { HubDocument } from './internal/mirror/read-hub-document.js';
import { setMembers } from './internal/mirror/mirrored-members.js';
import { takeDocument } from './internal/mirror/take-document.js';

/** A conversation that somebody here is let into. */
export interface OfferedConversation {
  readonly uri: string;
  /** Where its Welcome stands. */
  readonly sequence: number;
}

/** Conversations that people begin with strangers here: of one of them, and of all of a domain. */
const STRANGER: RateLimit = {
  name: 'stranger_welcome',
  points: 30,
  windowSeconds: 24 * 3600,
  failsClosed: false,
};
const STRANGERS: RateLimit = { ...STRANGER, name: 'strangers_welcome', points: 300 };

const INSERT = statement(
  'mirrors.insert',
  `insert into conversations (id, participants_digest, is_group, created_at, updated_at, encryption, mls_group_id, epoch,
     last_sequence, disappearing_seconds, hub_origin, hub_uri)
   values ($1, $2, $3, $4, $4, 'MLS', $5, 0, $6, $7, $8, $9) on conflict do nothing returning id`,
);
const PAIR_TAKEN = statement(
  'mirrors.pair_taken',
  'select id from conversations where participants_digest = $1',
);
const FOLLOWS = statement(
  'mirrors.follows_adder',
  `select exists (select from follows f join actors a on a.id = f.follower_id
     where f.followee_id = $1 and f.state = 'ACCEPTED' and a.domain is null and a.id = any($2::uuid[])) as "isKnown"`,
);

/** Nothing in it is for anybody here. */
class NobodyLetIn extends Error {}

/**
 * Makes the mirror of a conversation from its document and from the Welcome on, and catches up. A repeat changes nothing, and
 * nor does what is for nobody here. Opens its own transactions.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE
 */
export async function openMirror(
  services: MirrorServices,
  { uri, sequence }: OfferedConversation,
): Promise<void> {
  const known = await findMirrorByUri(services.database, uri);
  if (known) return catchUpMirror(services, known.id);
  const document = await fetchHubDocument(services, uri);
  const page = document && (await fetchHubPage(services, uri, sequence - 1));
  if (!document || !page) return;
  const welcome = page.places.find(
    (place) => place.kind === 'WELCOME' && place.sequence === sequence,
  );
  if (welcome?.kind !== 'WELCOME') return;
  const { origin } = new URL(uri);
  const people = await meetPeople(services, namedInDocument(document), origin);
  const adder = await learnedOf(services, [welcome], origin);
  if (!(await isLetThrough(services, welcome.sender.actorUri, adder.people, document))) return;
  const devices = await NamedDevices.meet(services, devicesOfDocument(document), people, origin);
  const knowledge = { people, devices, lost: new Set<string>(), now: services.clock.now() };
  const id = await begin(services, { document, welcome, adder, knowledge });
  if (id) await catchUpMirror(services, id);
}

/** Strangers do not begin with everybody here. */
async function isLetThrough(
  { database, rateLimiter }: MirrorServices,
  adderUri: string,
  people: People,
  { uri, members }: HubDocument,
): Promise<boolean> {
  const adder = people.get(adderUri);
  // Nobody here takes part yet, so that nobody here lets others in.
  if (!adder || adder.isLocal || adder.isDeleted) return false;
  const memberUris = members.map(({ actorUri }) => actorUri);
  if (isSameOrigin(adderUri, uri) && (await isFollowed(database, adder.id, memberUris)))
    return true;
  const one = await rateLimiter.charge(STRANGER, adder.id, 1);
  const all = await rateLimiter.charge(STRANGERS, siteOf(new URL(uri).host), 1);
  return !one.isExceeded && !all.isExceeded;
}

const MEMBERS_HERE = statement(
  'mirrors.local_of_uris',
  'select id from actors where uri = any($1::text[]) and domain is null',
);

async function isFollowed(
  reader: Reader,
  adderId: ActorId,
  memberUris: readonly string[],
): Promise<boolean> {
  const here = await reader.rows<{ id: ActorId }>(MEMBERS_HERE, [memberUris]);
  const row = await reader.row<{ isKnown: boolean }>(FOLLOWS, [adderId, here.map(({ id }) => id)]);
  return row?.isKnown === true;
}

interface Beginning {
  readonly document: HubDocument;
  readonly welcome: MirrorPlace;
  /** Of the Welcome. */
  readonly adder: Knowledge;
  /** Of the document. */
  readonly knowledge: Knowledge;
}

async function begin(
  { database }: MirrorServices,
  { document, welcome, adder, knowledge }: Beginning,
): Promise<ConversationId | null> {
  try {
    return await database.transaction(async (tx) => {
      const mirror = await insert(tx, document, welcome.sequence, knowledge);
      if (!mirror) return null;
      await setMembers(tx, mirror, document.members, knowledge);
      const { mirror: begun, placing } = await putAll(tx, mirror, [welcome], adder);
      if (placing !== 'PLACED') throw new NobodyLetIn();
      if (begun?.lastSequence === document.sequence)
        await takeDocument(tx, begun, document, knowledge);
      return mirror.id;
    });
  } catch (error) {
    if (error instanceof NobodyLetIn) return null;
    throw error;
  }
}

async function insert(
  tx: Transaction,
  document: HubDocument,
  sequence: number,
  { people, now }: Knowledge,
): Promise<Mirror | null> {
  const id = newId<'conversation'>(now);
  const { uri: hubUri, groupId, isGroup, disappearingSeconds } = document;
  const { origin: hubOrigin } = new URL(hubUri);
  const digest = isGroup ? null : await freePair(tx, document, people);
  const lastSequence = sequence - 1;
  const values = [id, digest, isGroup, now, groupId, lastSequence, disappearingSeconds];
  if (!(await tx.row(INSERT, [...values, hubOrigin, hubUri]))) return null;
  const beginning = { groupId, epoch: 0, lastSequence, disappearingSeconds };
  return { id, hubUri, hubOrigin, ...beginning, isHubSilent: false };
}

/**
 * Of two people there is one conversation that is found again, here as on the hub. It is the server of one of them that orders
 * it: what another one says of two people stands in nobody's way.
 */
async function freePair(
  tx: Transaction,
  { uri, members }: HubDocument,
  people: People,
): Promise<Buffer | null> {
  const ids = members.map(({ actorUri }) => people.get(actorUri)?.id);
  const [one, other, third] = ids;
  if (!one || !other || third) return null;
  if (!members.some(({ actorUri }) => isSameOrigin(actorUri, uri))) return null;
  const digest = createHash('sha256')
    .update(`mls ${[one, other].toSorted().join()}`)
    .digest();
  return (await tx.row(PAIR_TAKEN, [digest])) ? null : digest;
}
