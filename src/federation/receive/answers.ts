/** Accept and Reject of what people here asked for: to follow, to quote, or to comment. */
import { acceptComment, rejectComment } from './comment-approvals.js';
import { acceptFollow, rejectFollow } from './follows.js';
import { acceptQuote, rejectQuote } from './quote-requests.js';
import type { Handler } from './receiving.js';

/** Somebody there says yes. */
export const handleAccept: Handler = async (receiving) => {
  if ((await acceptQuote(receiving)) || (await acceptComment(receiving))) return;
  await acceptFollow(receiving);
};

/** Somebody there says no, also after having said yes. */
export const handleReject: Handler = async (receiving) => {
  if ((await rejectQuote(receiving)) || (await rejectComment(receiving))) return;
  await rejectFollow(receiving);
};
