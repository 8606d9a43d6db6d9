/** Takes an actor whose server has deleted it out of the notifications of others. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { forgetActor } from '../forget-actor.js';

/** Piece by piece; a repeat finds nothing. */
export const forgetGoneActor = defineJob<{ actorId: ActorId }>(
  'forgetGoneActor',
  async (context, { actorId }) => {
    while ((await forgetActor(context, actorId)) > 0);
  },
  { keyOf: ({ actorId }) => actorId },
);
