/** Facts about videos that are made of others. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { PostId } from '../posts/post.entity.js';
import type { RemixKind } from '../posts/remix-policies.js';

/** Somebody wants a video to be made of two. */
export const remixRequested = defineEvent<{ mediaId: MediaId }>('remixRequested');

/** A remix of somebody's video was published. */
export const videoRemixed = defineEvent<{
  readonly postId: PostId;
  readonly authorId: ActorId;
  readonly kind: RemixKind;
  readonly originalId: PostId;
  readonly originalAuthorId: ActorId;
}>('videoRemixed');
