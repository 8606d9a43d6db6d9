/** One attempt to deliver one activity, and what it says of the activity and of the host. */
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import type { OutsideReceipt } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import type { Activity } from '../documents/activities.js';
import { synchronizationHeaders } from '../followers-digest.js';
import { isSentFor } from '../send-activity.js';
import { serverAsOwner, signingKeyOf, type SigningKey } from '../signing-keys.js';
import { keyIdOf } from '../addresses.js';
import { channelUri } from '../video-channels.js';
import type { Delivery, Outcome } from './deliveries.js';
import type { HostDoor } from './host-door.js';
import { digestOf } from './http-signature.js';
import { idOf } from './read-properties.js';
import { LONGEST_WAIT_SECONDS, waitAfter } from './unreachable-hosts.js';

/** A host that fails on one activity so often is not down: the others have their turn. */
const MOST_FAULTS_OF_ONE = 3;
/** How long after a key was replaced that is told with the one before. */
const TELLING_SECONDS = 60 * 60;
const NOT_FINAL = new Set([401, 408, 425]);

/** An activity as it is sent, to however many inboxes. */
export interface SentBody {
  readonly activity: Pick<Activity, 'type' | 'actor' | 'to' | 'cc'>;
  readonly bytes: Buffer;
  readonly digest: string;
  /** It says who its actor is now. */
  readonly isOfActor: boolean;
}

/** Reads what is kept of an activity that is sent. */
export function readSentBody(text: string): SentBody {
  const { type, actor, to, cc, object } = JSON.parse(text) as Activity;
  const isOfActor = type === 'Update' && idOf(object) === actor;
  const bytes = Buffer.from(text);
  return { activity: { type, actor, to, cc }, bytes, digest: digestOf(bytes), isOfActor };
}

/** Delivers, if that is still to be done. */
export async function attempt(
  context: JobContext,
  door: HostDoor,
  delivery: Delivery,
  { activity, bytes, digest, isOfActor }: SentBody,
): Promise<Outcome> {
  const { from, inboxUrl } = delivery;
  if (from && !isSentFor(from.status, activity.type))
    return refused('Whoever it is from is not here any more.');
  try {
    const url = new URL(inboxUrl);
    const more = from
      ? await synchronizationHeaders(context.database, from, activity, url.host)
      : {};
    const owner = from ? { uri: from.uri, actorId: from.id } : serverAsOwner(context);
    const own = keyFor(await signingKeyOf(context, owner), delivery, isOfActor);
    // A channel signs with the key of its person, under a name of its own.
    const channel = channelUri(owner.uri);
    const key = activity.actor === channel ? { ...own, keyId: keyIdOf(channel) } : own;
    const receipt = await door.deliver({ inboxUrl: url, body: bytes, digest, more }, key);
    return judge(receipt, delivery, context.clock.now());
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    return error.isTemporary ? fault(delivery, error.message) : refused(error.message);
  }
}

/**
 * A server believes a new key once it has asked for it, and many ask when they are told: by the key before. So whatever was
 * said up to then is tried with that one first.
 */
function keyFor(
  key: SigningKey,
  { attempts, createdAt }: Delivery,
  isOfActor: boolean,
): SigningKey {
  if (!key.former || attempts > 0) return key;
  const told = addSeconds(key.former.replacedAt, isOfActor ? TELLING_SECONDS : 0);
  return createdAt <= told ? { ...key, key: key.former.key } : key;
}

function judge({ status, retryAfter }: OutsideReceipt, delivery: Delivery, now: Date): Outcome {
  const failure = `Status ${status}.`;
  if (status >= 200 && status < 300)
    return { state: 'DELIVERED', failure: null, host: 'UP', waitSeconds: 0 };
  if (status >= 500) return fault(delivery, failure, secondsOf(retryAfter, now));
  if (status === 429) return later(delivery, failure, 'DOWN', secondsOf(retryAfter, now));
  return NOT_FINAL.has(status) ? later(delivery, failure, 'UP') : refused(failure);
}

function refused(failure: string): Outcome {
  return { state: 'FAILED', failure, host: 'UP', waitSeconds: 0 };
}

/** The host is down, or fails on this one alone. */
function fault(delivery: Delivery, failure: string, askedSeconds = 0): Outcome {
  const isOne = delivery.attempts + 1 >= MOST_FAULTS_OF_ONE;
  return later(delivery, failure, isOne ? 'UNKNOWN' : 'DOWN', askedSeconds);
}

function later(
  { attempts, isOld }: Delivery,
  failure: string,
  host: Outcome['host'],
  askedSeconds = 0,
): Outcome {
  if (isOld) return { state: 'FAILED', failure, host, waitSeconds: askedSeconds };
  const waitSeconds = Math.max(waitAfter(attempts), askedSeconds);
  return { state: 'PENDING', failure, host, waitSeconds };
}

/** What `Retry-After` asks for: seconds, or a date; at most the longest wait. */
function secondsOf(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - now.getTime()) / 1000;
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : 0;
}
