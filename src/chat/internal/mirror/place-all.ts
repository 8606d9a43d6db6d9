/** Putting several places of a mirrored conversation, in one transaction. */
import type { Services } from '../../../platform/context.js';
import { statement, type Transaction } from '../../../platform/db/database.js';
import type { ConversationId } from '../../conversation.js';
import { AskedInVain } from './asked-in-vain.js';
import { lockMirror, type Mirror } from './mirror.js';
import { devicesNamedIn, NamedDevices } from './named-devices.js';
import { findPeople, meetPeople, namedIn } from './people.js';
import { placeEntry } from './place-entry.js';
import type { Knowledge, Placing } from './placing.js';
import type { MirrorPlace } from './read-entry.js';

/** How far it went. */
export interface PlacedAll {
  /** Null when the mirror is gone. */
  readonly mirror: Mirror | null;
  /** Of the last one that was tried. */
  readonly placing: Placing;
}

const GIVE_UP_DUE = statement(
  'mirror_welcomes_due.give_up',
  'delete from mirror_welcomes_due where conversation_id = $1 and sequence <= $2',
);

/** Those who are named, as far as they are known. */
export async function knownOf(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  places: readonly MirrorPlace[],
): Promise<Knowledge> {
  const people = await findPeople(database, namedIn(places));
  const devices = await NamedDevices.find(database, devicesNamedIn(places));
  return { people, devices, lost: new Set(), now: clock.now() };
}

/** Those who are named, asked for where they are not known. */
export async function learnedOf(
  services: Pick<Services, 'database' | 'clock' | 'peers' | 'rateLimiter'>,
  places: readonly MirrorPlace[],
  hubOrigin: string,
): Promise<Knowledge> {
  const named = namedIn(places);
  const people = await meetPeople(services, named, hubOrigin);
  const devices = await NamedDevices.meet(services, devicesNamedIn(places), people, hubOrigin);
  const now = services.clock.now();
  const inVain = AskedInVain.of(services);
  const lost = named.filter((uri) => !people.has(uri) && inVain.isLost(uri, now));
  return { people, devices, lost: new Set(lost), now };
}

/** Whether anybody or any device of other servers is still to be asked for. */
export function isComplete(
  { people, devices }: Knowledge,
  places: readonly MirrorPlace[],
): boolean {
  return (
    namedIn(places).every((uri) => people.has(uri)) &&
    devices.askableOf(devicesNamedIn(places), people).length === 0
  );
}

/** Puts places, up to the first one that has to wait. Opens its own transaction. */
export function placeAll(
  { database }: Pick<Services, 'database'>,
  id: ConversationId,
  places: readonly MirrorPlace[],
  knowledge: Knowledge,
): Promise<PlacedAll> {
  return database.transaction(async (tx) => {
    const mirror = await lockMirror(tx, id);
    return mirror ? putAll(tx, mirror, places, knowledge) : { mirror, placing: 'KNOWN' };
  });
}

/** As `placeAll`, of a mirror that the caller has locked. */
export async function putAll(
  tx: Transaction,
  from: Mirror,
  places: readonly MirrorPlace[],
  knowledge: Knowledge,
): Promise<PlacedAll> {
  let mirror = from;
  let placing: Placing = 'KNOWN';
  for (const place of places) {
    ({ mirror, placing } = await placeEntry(tx, mirror, place, knowledge));
    if (placing === 'BEHIND') break;
  }
  return { mirror, placing };
}

/** Waits no more for Welcomes that the hub does not have. */
export async function giveUpWelcomes(
  { database }: Pick<Services, 'database'>,
  id: ConversationId,
  upTo: number,
): Promise<void> {
  await database.rows(GIVE_UP_DUE, [id, upTo]);
}
