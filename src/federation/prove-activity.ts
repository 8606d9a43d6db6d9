/** Proofs on what we send, where others may bring it further. */
import type { ActorId } from '../actors/actor.entity.js';
import { PUBLIC } from '../platform/activity-streams.js';
import type { Activity } from './documents/activities.js';
import { usedContext, PROOF_CONTEXT } from './documents/used-context.js';
import { withProof } from './internal/integrity-proof.js';
import { proofKeyOf } from './proof-keys.js';
import type { KeyServices } from './signing-keys.js';

/**
 * The activity with the proof of its actor, where everybody may have it. A proof lasts, and can be shown to anybody: what
 * is said to a few has none. The context is that of the words that are used, as the proof repeats it.
 */
export async function proveActivity(
  services: KeyServices,
  actorId: ActorId,
  activity: Activity,
): Promise<Activity> {
  if (!isForEverybody(activity)) return activity;
  return (await proverOf(services, actorId, activity.actor))(activity);
}

/** As `proveActivity`, for what is only known inside of a transaction: keys are made and read outside of it. */
export async function proverOf(
  services: KeyServices,
  actorId: ActorId,
  uri: string,
): Promise<(activity: Activity) => Activity> {
  const key = await proofKeyOf(services, { uri, actorId });
  return (activity) => {
    if (!isForEverybody(activity)) return activity;
    const context = [...usedContext(activity), PROOF_CONTEXT];
    return withProof({ ...activity, '@context': context }, key, services.clock.now());
  };
}

function isForEverybody({ to, cc }: Activity): boolean {
  return [...to, ...cc].includes(PUBLIC);
}
