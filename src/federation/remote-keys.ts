/** Asking other servers for the key packages of their people. */
import type { ActorId } from '../actors/actor.entity.js';
import type { AsksOutside } from '../devices/claim-key-packages.js';
import type { ClaimedKeyPackage } from '../devices/device.js';
import { keepRemotePackages, type TakenPackages } from '../devices/keep-remote-packages.js';
import { learnRemoteDevices } from '../devices/learn-remote-devices.js';
import { mayAskForKeys } from '../devices/named-devices.js';
import {
  soundPackages,
  type OfferedRemotePackage,
  type ShownPackage,
} from '../devices/shown-package.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import { originOf } from './addresses.js';
import { fetchDocument, type FetchServices } from './internal/fetch-document.js';
import { inTurns } from './internal/in-turns.js';
import { fetchFirstMembers } from './internal/read-collection.js';
import { readKeyPackageItem } from './internal/read-key-package-item.js';
import { textOf } from './internal/read-properties.js';
import { TooBusy } from './internal/sender-memory.js';
import { fetchActor, isAbsence, resolveActor, type RemoteActor } from './resolve-actor.js';
import { serverAsOwner, type KeyOwner } from './signing-keys.js';

/** Of a list so many items are read, and so many fetched where they are only named. */
const MOST_ITEMS = 100;
const MOST_NAMED = 12;
/** So many servers at a time are asked for a claim, which takes no longer than this. */
const AT_ONCE = 8;
const CLAIM_MS = 15_000;
/** An actor whose document names no key packages is asked again after so long, and sooner when a person wants to write to them. */
const FRESH_SECONDS = 10 * 60;
const FRESH_SECONDS_OF_CLAIM = 1;

const URIS = statement(
  'actors.uris',
  'select id, uri from actors where id = any($1::uuid[]) and domain is not null',
);

const TO_ASK = statement(
  'remote_key_lists.to_ask',
  `select a.id, a.uri from actors a left join remote_key_lists list on list.actor_id = a.id
   where a.id = any($1::uuid[]) and a.domain is not null and ($2::boolean or list.asked_at is null)`,
);
const KNOWN = statement(
  'remote_key_lists.known',
  'select from remote_key_lists where actor_id = $1 and asked_at is not null',
);
const OWN_URI = statement('actors.own_uri', 'select uri from actors where id = $1');

/** What a server shows of somebody's devices, which are known from now on. */
export type ShownKeys = TakenPackages;

/**
 * Takes key packages for the viewer, each server being asked by them. Whoever is not there, or does not answer in time,
 * gives none.
 */
export function keysFromOutside(context: CommandContext): AsksOutside {
  const { actorId } = requireViewer(context);
  return async (ids) => {
    const asker = await ownerOf(context, actorId);
    const actors = await context.database.rows<{ id: ActorId; uri: string }>(URIS, [ids]);
    const taken: ClaimedKeyPackage[] = [];
    const asking = inTurns(actors, AT_ONCE, async ({ uri }) => {
      const shown = await showKeys(context, uri, asker);
      if (shown) taken.push(...(await keepRemotePackages(context, shown)));
    });
    await withinTime(asking, CLAIM_MS);
    return [...taken];
  };
}

/**
 * Asks for the key packages of an actor and keeps the devices that they show.
 *
 * @param asker who asks: an actor gets one package of each device for itself, the server, which asks otherwise, only what
 *   all get
 * @returns null when the actor, or its list, is not to be had: nothing is known anew then
 */
export async function showKeys(
  services: FetchServices,
  actorUri: string,
  asker?: KeyOwner,
): Promise<ShownKeys | null> {
  try {
    const freshSeconds = asker ? FRESH_SECONDS_OF_CLAIM : FRESH_SECONDS;
    const actor = await actorWithKeys(services, actorUri, freshSeconds);
    if (actor.keyPackagesUri === null || actor.isBarred) return null;
    const askedAt = services.clock.now();
    const packages = await packagesOf(services, actor, asker ?? serverAsOwner(services));
    const { actorId } = actor;
    const devices = await learnRemoteDevices(services, { actorId, askedAt, packages });
    return { actorId, packages, devices };
  } catch (error) {
    if (!isAbsence(error) && !(error instanceof TooBusy)) throw error;
    services.log.debug({ err: error, uri: actorUri }, 'key packages are not to be had');
    return null;
  }
}

/**
 * Asks for the keys of people who are in a group with somebody here, so that devices of it are known before anybody reads what
 * they send; of each a few times and then once in a minute, and all together no longer than a claim takes.
 *
 * @param isAnew also of those of whom they are known: devices may have come in
 */
export async function learnKeysOf(
  services: FetchServices,
  actorIds: readonly ActorId[],
  isAnew: boolean,
): Promise<void> {
  const wanted = [actorIds, isAnew];
  const people = await services.database.rows<{ id: ActorId; uri: string }>(TO_ASK, wanted);
  const asking = inTurns(people, AT_ONCE, async ({ id, uri }) => {
    if (await mayAskForKeys(services, id)) await showKeys(services, uri);
  });
  await withinTime(asking, CLAIM_MS);
}

/** Asks anew for the keys of an actor that somebody here has asked for before; one that names none has none any more. */
export async function refreshKeys(services: FetchServices, actor: RemoteActor): Promise<void> {
  const { actorId, uri, keyPackagesUri } = actor;
  if (actor.isBarred || !(await services.database.row(KNOWN, [actorId]))) return;
  const askedAt = services.clock.now();
  if (keyPackagesUri !== null) await showKeys(services, uri);
  else await learnRemoteDevices(services, { actorId, askedAt, packages: [] });
}

/** The actor, asked for again when it did not chat encrypted a while ago. */
async function actorWithKeys(
  services: FetchServices,
  uri: string,
  freshSeconds: number,
): Promise<RemoteActor> {
  const actor = await resolveActor(services, uri);
  const isOld = actor.fetchedAt < addSeconds(services.clock.now(), -freshSeconds);
  return actor.keyPackagesUri === null && isOld ? fetchActor(services, uri) : actor;
}

async function packagesOf(
  services: FetchServices,
  { uri, keyPackagesUri }: RemoteActor,
  asker: KeyOwner,
): Promise<ShownPackage[]> {
  const items = await fetchFirstMembers(services, keyPackagesUri!, MOST_ITEMS, 2, asker);
  const offered: OfferedRemotePackage[] = [];
  let named = 0;
  for (const item of items) {
    const address = textOf(item);
    if (address !== null && (named++ >= MOST_NAMED || originOf(address) !== originOf(uri)))
      continue;
    const document = address === null ? item : await fetchItem(services, address, asker);
    const read = readKeyPackageItem(document, uri);
    if (read) offered.push(read);
  }
  return soundPackages(offered, uri, services.clock.now());
}

async function fetchItem(
  services: FetchServices,
  address: string,
  asker: KeyOwner,
): Promise<unknown> {
  try {
    return await fetchDocument(services, address, asker);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return null;
  }
}

async function ownerOf({ database }: FetchServices, actorId: ActorId): Promise<KeyOwner> {
  const { uri } = (await database.row<{ uri: string }>(OWN_URI, [actorId]))!;
  return { uri, actorId };
}

/** Waits so long at most; what takes longer goes on by itself. */
async function withinTime(work: Promise<unknown>, most: number): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, most);
  try {
    await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
