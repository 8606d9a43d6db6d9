/** Quotes that people here make or take away: the author elsewhere is asked, and whoever showed the quote is told. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { activity } from '../documents/activities.js';
import { REQUEST } from '../documents/quote-document.js';
import { noteOf } from '../documents/note-document.js';
import { findFederatedPost } from '../federated-post.queries.js';
import { proverOf } from '../prove-activity.js';
import { dropAuthorization, stampsAt } from '../quote-authorizations.queries.js';
import {
  eachOnce,
  inboxesOfActors,
  inboxesOfEarlier,
  inboxesOfFollowers,
} from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';

interface Quote {
  readonly postId: PostId;
  readonly quotedAuthorId: ActorId;
}

const QUOTING = statement(
  'federation.quoting_post',
  'select uri, is_local as "isLocal", author_id as "authorId" from posts where id = $1',
);

interface QuotingRow {
  readonly uri: string;
  readonly isLocal: boolean;
  readonly authorId: ActorId;
}

/** Asks the author of a remote post. The request is the same however often it is made, and sent once. */
export const federateQuote = defineJob<Quote>(
  'federateQuote',
  async (context, { postId, quotedAuthorId }) => {
    const { database, clock } = context;
    const post = await findFederatedPost(database, postId);
    const [author] = await findActors(database, [quotedAuthorId]);
    if (!post?.quote || post.isDeleted || !author || author.domain === null) return;
    // The request shows the post to somebody whom it may not be for.
    if (post.visibility !== 'PUBLIC' && post.visibility !== 'UNLISTED') return;
    const request = activity('QuoteRequest', post.authorUri, {
      id: `${post.uri}${REQUEST}`,
      object: post.quote.uri,
      instrument: noteOf(context, post),
      to: [author.uri],
    });
    const inboxes = await inboxesOfActors(database, [author.uri]);
    const sending = { activity: request, actorId: post.authorId, subjectId: postId, inboxes };
    await database.transaction((tx) => sendActivity(tx, clock.now(), sending));
  },
  { queueOf: ({ postId }) => postId },
);

/** Takes back the stamp of somebody here. Whoever has the quote drops it then; the stamp itself is gone. */
export const federateDetachedQuote = defineJob<Quote>(
  'federateDetachedQuote',
  async (context, { postId, quotedAuthorId }) => {
    const { database, clock, config } = context;
    const [author] = await findActors(database, [quotedAuthorId]);
    const quoting = await database.row<QuotingRow>(QUOTING, [postId]);
    if (!author || author.domain !== null || !quoting) return;
    const [quotingAuthor] = await findActors(database, [quoting.authorId]);
    const inboxes = quoting.isLocal
      ? await inboxesOfEarlier(database, postId)
      : eachOnce(
          await inboxesOfActors(database, [quotingAuthor?.uri ?? '']),
          await inboxesOfFollowers(database, quotedAuthorId),
        );
    const prove = await proverOf(context, author.id, author.uri);
    await database.transaction(async (tx) => {
      const dropped = await dropAuthorization(tx, quotedAuthorId, { quotingUri: quoting.uri });
      const own = quoting.isLocal ? `${stampsAt(config.publicUrl.origin)}${postId}` : null;
      const object = dropped[0]?.uri ?? own;
      if (object === null) return;
      const id = `${object}#delete`;
      const gone = activity('Delete', author.uri, { id, object, to: [PUBLIC] });
      const sending = { activity: prove(gone), actorId: author.id, subjectId: null, inboxes };
      await sendActivity(tx, clock.now(), sending);
    });
  },
  { queueOf: ({ postId }) => postId },
);
