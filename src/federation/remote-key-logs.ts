/**
 * Reading what the log of another server says of somebody, checking it, and remembering it. Nothing here makes anybody believe
 * or disbelieve a device: clients check for themselves, and what does not fit is kept for them and for the staff.
 */
import type { ActorId, ActorStatus } from '../actors/actor.entity.js';
import { keepRemoteHead, type AsksForProof } from '../devices/keep-remote-head.js';
import {
  isInLog,
  isSignedHead,
  MOST_REMOTE_ENTRIES,
  written,
  type RemoteKeyLogEntry,
  type RemoteKeyLogState,
} from '../devices/remote-key-log.js';
import {
  keepContradiction,
  keepRemoteKeyLog,
  type Contradiction,
  type WatchedActor,
} from '../devices/remote-key-log-reads.js';
import { findShownKeys, unloggedKeys } from '../devices/shown-and-logged.js';
import { addSeconds } from '../platform/clock.js';
import { statement } from '../platform/db/database.js';
import { OutsideUnavailable } from '../platform/outside-unavailable.js';
import { originOf } from './addresses.js';
import { fetchDocument, type FetchServices } from './internal/fetch-document.js';
import { MalformedDocument } from './internal/read-document.js';
import {
  readFirstKeyLogPage,
  readHashes,
  readKeyLogPage,
  type FirstKeyLogPage,
} from './internal/read-key-log.js';
import { fetchActor, isAbsence, resolveActor, type RemoteActor } from './resolve-actor.js';
import { serverAsOwner } from './signing-keys.js';

/** Of one page, and of one proof. */
const MOST_BYTES = 128 * 1024;
/** Of one person, and how long reading them takes at most. */
const MOST_PAGES = 30;
const MOST_MS = 60_000;
/** An actor whose document names no log is asked again after so long. */
const FRESH_SECONDS = 10 * 60;

/** Nobody looks at whose keys nobody sees. */
const GONE: ReadonlySet<ActorStatus> = new Set(['SUSPENDED', 'DELETED']);
const KNOWN_LOG = statement(
  'remote_key_logs.is_known',
  'select from remote_key_logs where origin = $1',
);

type Found = Omit<Contradiction, 'actorId' | 'keptHead' | 'shownHead' | 'publicKey'> &
  Partial<Contradiction>;

/** Looks at the log of the server of somebody, and keeps what came of it; null = nobody is looked at. */
export async function readRemoteKeyLog(
  services: FetchServices,
  uri: string,
): Promise<RemoteKeyLogState | null> {
  const known = await knownActor(services, uri);
  const origin = originOf(uri);
  if (!known || origin === null || known.isBarred || GONE.has(known.status)) return null;
  const watched = { actorId: known.actorId, origin };
  try {
    const actor = await withLog(services, known);
    return actor.keyLogUri === null
      ? await keepAbsence(services, watched, actor)
      : await readAndKeep(services, watched, actor);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    services.log.debug({ err: error, uri }, 'a log of keys is not to be had');
    await keepRemoteKeyLog(services, watched, 'UNAVAILABLE', null);
    return 'UNAVAILABLE';
  }
}

/** Asks a server to prove that its log goes on; null = it does not prove it. @throws {OutsideUnavailable} when it may later */
export function asksForProof(services: FetchServices, consistencyUrl: string): AsksForProof {
  return async (from, to) => {
    const url = `${consistencyUrl}?from=${from}&to=${to}`;
    try {
      const document = await fetchDocument(services, url, serverAsOwner(services), MOST_BYTES);
      return readHashes(document['hashes']);
    } catch (error) {
      if (error instanceof OutsideUnavailable && error.isTemporary) throw error;
      if (!isAbsence(error)) throw error;
      return null;
    }
  };
}

async function knownActor(services: FetchServices, uri: string): Promise<RemoteActor | null> {
  try {
    return await resolveActor(services, uri);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return null;
  }
}

/** Whose document names no log may have one by now. */
async function withLog(services: FetchServices, known: RemoteActor): Promise<RemoteActor> {
  const isOld = known.fetchedAt < addSeconds(services.clock.now(), -FRESH_SECONDS);
  return known.keyLogUri === null && isOld ? fetchActor(services, known.uri) : known;
}

/** Whoever chats encrypted on a server that has a log stands in it. */
async function keepAbsence(
  services: FetchServices,
  watched: WatchedActor,
  { keyPackagesUri }: RemoteActor,
): Promise<RemoteKeyLogState> {
  const hasLog = await services.database.row(KNOWN_LOG, [watched.origin]);
  if (hasLog && keyPackagesUri !== null)
    await contradict(services, watched, [{ kind: 'WITHHELD', actorId: watched.actorId }]);
  const state = hasLog && keyPackagesUri !== null ? 'CONTRADICTED' : 'NONE';
  await keepRemoteKeyLog(services, watched, state, null);
  return state;
}

async function readAndKeep(
  services: FetchServices,
  watched: WatchedActor,
  actor: RemoteActor,
): Promise<RemoteKeyLogState> {
  const { actorId, origin } = watched;
  // What is shown was logged before: what is logged is looked at after.
  const shown = await findShownKeys(services.database, actorId);
  const { head, consistencyUrl, entries } = await fetchLog(services, actor);
  const shownHead = written(head);
  if (!(await isSignedHead(origin, head))) {
    await contradict(services, watched, [{ kind: 'FORGED_HEAD', shownHead }]);
    await keepRemoteKeyLog(services, watched, 'CONTRADICTED', null);
    return 'CONTRADICTED';
  }
  const found: Found[] = [];
  const wrong = await keepRemoteHead(
    services,
    { origin, head, consistencyUrl },
    asksForProof(services, consistencyUrl),
  );
  if (wrong) found.push({ ...wrong, shownHead });
  for (const entry of entries)
    if (!(await isInLog(entry, head))) {
      found.push({ kind: 'NOT_INCLUDED', actorId, shownHead });
      break;
    }
  for (const { kind, publicKey } of unloggedKeys(shown, entries))
    found.push({ kind, publicKey, actorId, shownHead });
  await contradict(services, watched, found);
  const state = found.length > 0 ? 'CONTRADICTED' : 'SOUND';
  await keepRemoteKeyLog(services, watched, state, { head, entries });
  return state;
}

/** All pages are of the head of the first one. */
async function fetchLog(
  services: FetchServices,
  { uri, keyLogUri }: RemoteActor,
): Promise<FirstKeyLogPage> {
  const pageAt = (address: string) =>
    fetchDocument(services, address, serverAsOwner(services), MOST_BYTES);
  const first = readFirstKeyLogPage(await pageAt(keyLogUri!), uri);
  const entries: RemoteKeyLogEntry[] = [...first.entries];
  const until = performance.now() + MOST_MS;
  for (let { next } = first, pages = 1; next !== null; pages++) {
    if (pages === MOST_PAGES || entries.length > MOST_REMOTE_ENTRIES || performance.now() > until)
      throw new MalformedDocument('The log has no end.');
    const page = readKeyLogPage(await pageAt(next), uri);
    entries.push(...page.entries);
    ({ next } = page);
  }
  const isInOrder = entries.every(
    ({ index }, at) => index < first.head.treeSize && (at === 0 || entries[at - 1]!.index < index),
  );
  if (!isInOrder) throw new MalformedDocument('The log is in no order.');
  return { ...first, entries };
}

async function contradict(
  services: FetchServices,
  { origin }: WatchedActor,
  found: readonly Found[],
): Promise<void> {
  const nothing = { actorId: null as ActorId | null, keptHead: null, shownHead: null };
  for (const one of found) {
    const whole: Contradiction = { ...nothing, publicKey: null, ...one };
    if (await keepContradiction(services, origin, whole))
      services.log.warn({ origin, kind: one.kind }, 'the log of keys of a server does not fit');
  }
}
