/** Getting from a hub what is missing of a conversation here, in its order, and how the conversation stands. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { RateLimited } from '../platform/errors.js';
import { siteOf } from '../platform/site-of.js';
import { mirrorBehind } from './chat.events.js';
import type { ConversationId } from './conversation.js';
import { fetchHubDocument, fetchHubPage, type HubPage } from './internal/mirror/ask-hub.js';
import { firstWelcomeDue } from './internal/mirror/change-group.js';
import { closeMirror } from './internal/mirror/close-mirror.js';
import { findMirror, lockMirror, moveMirror, type Mirror } from './internal/mirror/mirror.js';
import { giveUpWelcomes, learnedOf, placeAll } from './internal/mirror/place-all.js';
import { devicesOfDocument, NamedDevices } from './internal/mirror/named-devices.js';
import { meetPeople, namedInDocument } from './internal/mirror/people.js';
import type { HubDocument } from './internal/mirror/read-hub-document.js';
import { takeDocument } from './internal/mirror/take-document.js';
import { HubHeldUp } from './mls.errors.js';

/** What catching up takes. */
export type MirrorServices = Pick<Services, 'database' | 'clock' | 'peers' | 'rateLimiter'>;

/** More parts are not asked for at once: what is missing then is asked for by the next run. */
const MOST_PARTS = 200;
/** A conversation in which much is written may move on while its document is read. */
const MOST_DOCUMENTS = 5;

/** What is fetched in a day from hubs of one domain, in KiB: as much as they may send. */
const FETCHED = {
  name: 'mirror_kib',
  points: 1024 * 1024,
  windowSeconds: 86_400,
  failsClosed: false,
};
const KIB = 1024;

const CHECKED = statement(
  'mirror_checks.done',
  `insert into mirror_checks (conversation_id, checked_at, is_behind) values ($1, $2, $3)
   on conflict (conversation_id) do update set checked_at = excluded.checked_at, is_behind = excluded.is_behind`,
);

/**
 * Catches up with a hub: with what was written, then with who takes part. Opens its own transactions.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE; what was had until then stays
 * @throws {RateLimited} RATE_LIMITED when too many unknown people are named
 */
export async function catchUpMirror(services: MirrorServices, id: ConversationId): Promise<void> {
  for (let turn = 0; turn < MOST_DOCUMENTS; turn++) {
    const mirror = await catchUpPlaces(services, id);
    if (!mirror) return;
    const document = await fetchHubDocument(services, mirror.hubUri);
    if (!document) return closeMirror(services, id);
    if (await keepDocument(services, id, document)) return;
  }
}

/** Has a job catch up. Opens its own transaction. */
export async function tellBehind(
  { database }: Pick<Services, 'database'>,
  conversationId: ConversationId,
): Promise<void> {
  await database.transaction((tx) => tx.append(mirrorBehind, { conversationId }));
}

/** Keeps that a mirror was looked at, and whether it is still behind. */
export async function keepChecked(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  id: ConversationId,
  isBehind: boolean,
): Promise<void> {
  if (await findMirror(database, id)) await database.rows(CHECKED, [id, clock.now(), isBehind]);
}

/**
 * Catches up with what was written alone.
 *
 * @returns null when the mirror is gone, or the hub does not have it for this server
 * @throws {HubUnreachable} HUB_UNREACHABLE
 * @throws {RateLimited} RATE_LIMITED when too many unknown people are named, or more than 1 GiB in a day is fetched from its domain
 */
export async function catchUpPlaces(
  services: MirrorServices,
  id: ConversationId,
): Promise<Mirror | null> {
  const { database } = services;
  for (let part = 0; part < MOST_PARTS; part++) {
    const mirror = await findMirror(database, id);
    if (!mirror) return null;
    const due = await firstWelcomeDue(database, mirror);
    const page = await fetchHubPage(services, mirror.hubUri, (due ?? mirror.lastSequence + 1) - 1);
    if (!page) {
      await closeMirror(services, id);
      return null;
    }
    await requireFewBytes(services, mirror, page);
    await skipLost(services, mirror, page);
    const knowledge = await learnedOf(services, page.places, mirror.hubOrigin);
    const { placing, mirror: now } = await placeAll(services, id, page.places, knowledge);
    if (due !== null) await giveUpWelcomes(services, id, due);
    else if (placing === 'BEHIND') throw new HubHeldUp(new URL(mirror.hubUri).host);
    if (now && due === null && now.lastSequence >= page.lastSequence) return now;
    if (due === null && now?.lastSequence === mirror.lastSequence) return now;
  }
  return findMirror(database, id);
}

/** @throws {RateLimited} RATE_LIMITED */
async function requireFewBytes(
  { rateLimiter }: MirrorServices,
  { hubOrigin }: Mirror,
  { bytes }: HubPage,
): Promise<void> {
  const site = siteOf(new URL(hubOrigin).host);
  const state = await rateLimiter.charge(FETCHED, site, Math.ceil(bytes / KIB));
  if (state.isExceeded) throw new RateLimited(state.resetSeconds);
}

/** What a hub does not have any more is not waited for. */
async function skipLost(
  { database, clock }: MirrorServices,
  { id, lastSequence }: Mirror,
  { places, lastSequence: last }: HubPage,
): Promise<void> {
  const next = places.find(({ sequence }) => sequence > lastSequence)?.sequence ?? last + 1;
  if (next <= lastSequence + 1) return;
  await database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    if (mirror?.lastSequence !== lastSequence) return;
    await moveMirror(tx, mirror, { sequence: next - 1, epoch: mirror.epoch, now: clock.now() });
  });
}

/**
 * Takes a document, asking for who is not known. Opens its own transaction.
 *
 * @returns false when it is of another place than the mirror
 */
export async function keepDocument(
  services: MirrorServices,
  id: ConversationId,
  document: HubDocument,
): Promise<boolean> {
  const { database, clock } = services;
  const { origin } = new URL(document.uri);
  const people = await meetPeople(services, namedInDocument(document), origin);
  const devices = await NamedDevices.meet(services, devicesOfDocument(document), people, origin);
  return database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    if (!mirror) return true;
    if (mirror.lastSequence !== document.sequence) return false;
    const knowledge = { people, devices, lost: new Set<string>(), now: clock.now() };
    await takeDocument(tx, mirror, document, knowledge);
    return true;
  });
}
