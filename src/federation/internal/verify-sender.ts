/** Who sent a request: the actor whose own document names the key that signed it. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { addSeconds } from '../../platform/clock.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { siteOf } from '../../platform/site-of.js';
import { originOf } from '../addresses.js';
import type { Database } from '../../platform/db/database.js';
import { fetchActor, findSignatory, type RemoteActor } from '../resolve-actor.js';
import type { FetchServices } from './fetch-document.js';
import {
  BadSignature,
  isMadeBy,
  readSignature,
  type ClaimedSignature,
  type SignedRequest,
} from './http-signature.js';
import { MalformedDocument } from './read-document.js';
import { hasMessageSignature, readMessageSignature } from './message-signature.js';
import { RefusedServer } from './refused-server.js';
import type { SenderMemory } from './sender-memory.js';
import { keepSigningAnew } from './signature-forms.js';

/** An actor whose key does not fit any more is asked again at most so often, in seconds. */
export const REFETCH_SECONDS = 5 * 60;
/** Keys that the servers of one domain are asked for in vain in a minute: whoever invents keys must not make us ask for each. */
const MOST_IN_VAIN = 5;
const WRONG_KEY = 'The signature is not that of the key.';

const parsedKeys = new LRUCache<string, KeyObject>({ max: 5_000 });

/**
 * The actor behind a signed request.
 *
 * @param actorUri whose doing it is said to bring: their server is to be let in, too
 * @throws {RefusedServer} for whoever is of a suspended server
 * @throws {BadSignature} for whoever has not proven to be anybody
 */
export async function verifySender(
  services: FetchServices,
  memory: SenderMemory,
  request: SignedRequest,
  actorUri?: string,
): Promise<RemoteActor> {
  const claimed = readClaim(services, request);
  const known = await findLetIn(services.database, claimed.keyId, actorUri);
  if (known && isSignedBy(claimed, known)) return admitted(services, memory, claimed, known);
  if (known && known.fetchedAt > addSeconds(services.clock.now(), -REFETCH_SECONDS))
    throw new BadSignature(WRONG_KEY);
  const { keyId } = claimed;
  const owner = await askForOwner(services, memory, keyId, {
    actorUri: known?.uri ?? keyId,
    isIt: (actor) => actor.keyId === keyId,
  });
  if (!isSignedBy(claimed, owner)) throw new BadSignature(WRONG_KEY);
  return admitted(services, memory, claimed, owner);
}

/**
 * As `verifySender`, without asking anybody: null where the key is not known here.
 *
 * @throws {RefusedServer} for whoever is of a suspended server
 * @throws {BadSignature} for a signature that is not that of the key, or is none
 */
export async function findSender(
  services: FetchServices,
  memory: SenderMemory,
  request: SignedRequest,
): Promise<RemoteActor | null> {
  const claimed = readClaim(services, request);
  const known = await findLetIn(services.database, claimed.keyId);
  if (!known) return null;
  if (!isSignedBy(claimed, known)) throw new BadSignature(WRONG_KEY);
  return admitted(services, memory, claimed, known);
}

/** Whoever has the key, as far as we know; nobody is looked at who is ruled out. @throws {RefusedServer} */
async function findLetIn(
  database: Database,
  keyId: string,
  actorUri = keyId,
): Promise<RemoteActor | null> {
  const { isRefused, owner } = await findSignatory(database, { keyId, actorUri });
  if (isRefused) throw new RefusedServer();
  return owner;
}

/** In one form only: what is signed in the newer one is not looked at as if it were in the older. */
function readClaim({ config, clock }: FetchServices, request: SignedRequest): ClaimedSignature {
  const { publicUrl } = config;
  return hasMessageSignature(request)
    ? readMessageSignature(request, publicUrl, clock.now())
    : readSignature(request, publicUrl.host, clock.now());
}

/** What is kept of a signature that was right. */
async function admitted(
  services: FetchServices,
  memory: SenderMemory,
  { form, keyId, nonce }: ClaimedSignature,
  owner: RemoteActor,
): Promise<RemoteActor> {
  if (nonce !== null && !memory.useNonce(keyId, nonce))
    throw new BadSignature('The nonce was used before.');
  if (form === 'MESSAGE' && !memory.signingAnew.has(owner.host)) {
    await keepSigningAnew(services, owner.host);
    memory.signingAnew.set(owner.host, true);
  }
  return owner;
}

function isSignedBy(claimed: ClaimedSignature, { publicKeyPem }: RemoteActor): boolean {
  try {
    let key = parsedKeys.get(publicKeyPem);
    if (!key) {
      key = createPublicKey(publicKeyPem);
      parsedKeys.set(publicKeyPem, key);
    }
    return isMadeBy(claimed, key);
  } catch {
    return false;
  }
}

/** Where the owner of a key is asked for, and what makes an actor that owner. */
interface Wanted {
  readonly actorUri: string;
  readonly isIt: (actor: RemoteActor) => boolean;
}

/**
 * Asks the actor's server; the key counts if the actor's own document names it.
 *
 * @throws {BadSignature} when it does not, or too much was asked in vain
 */
export async function askForOwner(
  services: FetchServices,
  memory: SenderMemory,
  keyId: string,
  { actorUri, isIt }: Wanted,
): Promise<RemoteActor> {
  const origin = originOf(keyId);
  if (origin === null || memory.absent.has(keyId)) throw new BadSignature('The key is unknown.');
  const site = siteOf(new URL(origin).host);
  const inVain = memory.inVain.get(site) ?? 0;
  if (inVain >= MOST_IN_VAIN) throw new BadSignature('Too many unknown keys of one server.');
  memory.enter(site);
  try {
    const owner = await fetchActor(services, actorUri);
    if (isIt(owner)) return owner;
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) && !(error instanceof MalformedDocument))
      throw error;
    services.log.debug({ err: error, keyId }, 'key could not be fetched');
  } finally {
    memory.leave(site);
  }
  memory.inVain.set(site, (memory.inVain.get(site) ?? 0) + 1);
  memory.absent.set(keyId, true);
  throw new BadSignature('The key is unknown.');
}
