/** Facts about starter packs. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { StarterPackId } from './starter-pack.js';

/** People were put into a pack; its owner is none of them. */
export const starterPackExtended = defineEvent<{
  packId: StarterPackId;
  ownerId: ActorId;
  actorIds: readonly ActorId[];
}>('starterPackExtended');

/** Somebody wants to follow these people and hashtags. */
export const starterPackUsed = defineEvent<{
  packId: StarterPackId;
  followerId: ActorId;
  actorIds: readonly ActorId[];
  hashtags: readonly string[];
}>('starterPackUsed');
