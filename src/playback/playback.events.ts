/** Facts about what people have watched. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';

/** Somebody had forgotten what they watched, or a part of it. */
export const playbackForgotten = defineEvent<{ actorId: ActorId }>('playbackForgotten');
