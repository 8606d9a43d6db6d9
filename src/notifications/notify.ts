/**
 * THE way into somebody's notifications. Who may be told of what is decided here for every kind, and
 * everything is idempotent: a cause that was told before tells nobody again, not even after it was undone.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import type { CommentId, PostId } from '../posts/post.entity.js';
import type { StarterPackId } from '../starterpacks/starter-pack.js';
import type { StoryId } from '../stories/story.entity.js';
import { admitCauses } from './internal/admission.js';
import { joinGroups, openGroups } from './internal/groups.js';
import { openRequests } from './internal/requests.js';
import { tell } from './internal/tell.js';
import type { NotificationKind } from './notification-kinds.js';

/** Something that somebody may want to know. */
export interface Cause {
  readonly recipientId: ActorId;
  readonly kind: NotificationKind;
  /** Causes of one recipient, kind and group key are one notification. */
  readonly groupKey: string;
  /** Who did it; null for kinds without actors. */
  readonly actorId: ActorId | null;
  /** The post or comment that it is about: whoever can't see it is not told, and it vanishes with it. Null = none. */
  readonly postId: PostId | CommentId | null;
  /** The story that it is about, in the same way; absent or null = none. */
  readonly storyId?: StoryId | null;
  /** The starter pack that it is about, in the same way; absent or null = none. */
  readonly starterPackId?: StarterPackId | null;
  /** Words that the text needs, for kinds without a post, and the global id of a draft; plain JSON. */
  readonly detail?: Readonly<Record<string, string>>;
}

/** Causes that one call should carry at most; a few statements, however many. */
export const NOTIFY_BATCH = 500;

/**
 * Tells people, inside the caller's transaction. Left out without a word: oneself, people without an active account
 * here, who has a block with the actor or mutes their notifications, who can't see the post, story or starter pack or hides
 * the post by a keyword, and who wants none of that kind. What a policy keeps back waits behind a request.
 */
export async function notify(
  { clock }: Pick<Services, 'clock'>,
  tx: Transaction,
  causes: readonly Cause[],
): Promise<void> {
  if (causes.length === 0) return;
  const now = clock.now();
  const admitted = await admitCauses(tx, causes, now);
  if (admitted.length === 0) return;
  const groups = await openGroups(tx, admitted, now);
  const joined = await joinGroups(tx, groups, admitted, now);
  await openRequests(tx, admitted, now);
  await tell(tx, joined, now);
}
