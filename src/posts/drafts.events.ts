/** Facts about drafts. Live readers of the author's account hear of them, nobody else. */
import { accountTopic } from '../accounts/accounts.events.js';
import type { AccountId } from '../accounts/account.entity.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { ErrorCode } from '../platform/errors.js';
import { defineEvent } from '../platform/journal/event.js';
import type { DraftId } from './draft.js';
import type { PostId } from './post.entity.js';

/** A draft and whose it is. */
export interface DraftFact {
  readonly draftId: DraftId;
  readonly authorId: ActorId;
  readonly accountId: AccountId;
}

/** A draft became a post. */
export const draftPublished = defineEvent<DraftFact & { postId: PostId }>(
  'draftPublished',
  ({ accountId }) => [accountTopic(accountId)],
);

/** A scheduled draft could not be published; it keeps the reason and is not scheduled any more. */
export const draftFailed = defineEvent<DraftFact & { code: ErrorCode }>(
  'draftFailed',
  ({ accountId }) => [accountTopic(accountId)],
);
