/** Whose an activity is, where proofs say so: also when somebody else brings it. */
import { addSeconds } from '../../platform/clock.js';
import { findRemoteActor, type RemoteActor } from '../resolve-actor.js';
import { originOf } from '../addresses.js';
import type { CheckedActivity } from './check-activity.js';
import type { FetchServices } from './fetch-document.js';
import { BadSignature } from './http-signature.js';
import { judgeProofs, proofsOf, provenSince, type ProofVerdict } from './integrity-proof.js';
import { textOf } from './read-properties.js';
import type { SenderMemory } from './sender-memory.js';
import { askForOwner, REFETCH_SECONDS } from './verify-sender.js';

/** What is said in public may be passed on; what is between two is not. */
const PASSED_ON = new Set(['Create', 'Update', 'Delete', 'Undo', 'Like', 'EmojiReact', 'Announce']);
/** What is older is not taken from others: it is kept longer than that what was done before, and is then not done again. */
const MOST_AGE_SECONDS = 14 * 24 * 60 * 60;
const NOT_THEIRS = 'The activity is signed by somebody else than its actor.';
const WRONG_PROOF = 'The proof is not that of the actor.';

/** An activity with the document that its proofs are about. */
export type SignedActivity = Pick<CheckedActivity, 'type' | 'actorUri' | 'body'>;

/**
 * The actor of an activity that `sender` has brought.
 *
 * @throws {BadSignature} for a proof that is wrong, and for what its actor has neither sent nor proven
 */
export async function provenActor(
  services: FetchServices,
  memory: SenderMemory,
  activity: SignedActivity,
  sender: RemoteActor,
): Promise<RemoteActor> {
  if (sender.uri !== activity.actorUri) return forwarded(services, memory, activity);
  if (judgedBy(services, activity, sender) !== 'INVALID') return sender;
  return askAgain(services, memory, activity, sender);
}

/** What a known actor's keys make of the proofs. */
export function judgedBy(
  { clock }: Pick<FetchServices, 'clock'>,
  { body, actorUri }: SignedActivity,
  { proofKeys }: RemoteActor,
): ProofVerdict {
  return body['proof'] === undefined
    ? 'ABSENT'
    : judgeProofs(body, actorUri, proofKeys, clock.now());
}

async function forwarded(
  services: FetchServices,
  memory: SenderMemory,
  activity: SignedActivity,
): Promise<RemoteActor> {
  const { body, type, actorUri } = activity;
  const now = services.clock.now();
  const since = provenSince(body);
  if (!PASSED_ON.has(type) || since === null) throw new BadSignature(NOT_THEIRS);
  if (since < addSeconds(now, -MOST_AGE_SECONDS)) throw new BadSignature('The proof is too old.');
  const known = await findRemoteActor(services.database, actorUri);
  const verdict = judgeProofs(body, actorUri, known?.proofKeys ?? [], now);
  if (known && verdict === 'VALID') return known;
  if (verdict === 'ABSENT') throw new BadSignature(WRONG_PROOF);
  return askAgain(services, memory, activity, known);
}

/** Keys may have been replaced since their owner was asked: that is asked again, but not more often than now and then. */
async function askAgain(
  services: FetchServices,
  memory: SenderMemory,
  activity: SignedActivity,
  known: RemoteActor | null,
): Promise<RemoteActor> {
  const { body, actorUri } = activity;
  const since = addSeconds(services.clock.now(), -REFETCH_SECONDS);
  const keyId = textOf(proofsOf(body)[0]?.['verificationMethod']);
  if (
    (known && known.fetchedAt > since) ||
    keyId === null ||
    originOf(keyId) !== originOf(actorUri)
  )
    throw new BadSignature(WRONG_PROOF);
  const owner = await askForOwner(services, memory, keyId, {
    actorUri,
    isIt: ({ proofKeys }) => proofKeys.some(({ id }) => id === keyId),
  });
  if (owner.uri !== actorUri || judgedBy(services, activity, owner) !== 'VALID')
    throw new BadSignature(WRONG_PROOF);
  return owner;
}
