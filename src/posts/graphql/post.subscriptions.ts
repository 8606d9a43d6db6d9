/** An open post: its text, its comments and what people do with them, for whoever sees it at that moment. */
import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import { encodeCursor } from '../../platform/db/page.js';
import { NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Shared } from '../../platform/graphql/directives.js';
import type { Reader } from '../../platform/db/database.js';
import { LiveSource, type LiveFilter, type Onlooker } from '../../platform/realtime/live-source.js';
import { load } from '../../platform/graphql/loader.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import type { PayloadOf } from '../../platform/journal/event.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { findWhoSees, type SeenSubject, type WhoSees } from '../live-visibility.queries.js';
import type { CommentId, PostId } from '../post.entity.js';
import {
  commentAdded,
  commentFound,
  commentDeleted,
  commentHidden,
  commentShown,
  commentUpdated,
  postArchived,
  postDeleted,
  postDelivered,
  postPinSet,
  postQuoted,
  postReposted,
  postTopic,
  postUnarchived,
  postUpdated,
  quoteDetached,
  reactionSet,
  repostEnded,
  tagAnswered,
  type CommentFact,
  type QuoteFact,
} from '../posts.events.js';
import { commentKey } from './comment.connection.js';
import { commentLoader } from './comment.loader.js';
import { PostEventType, type ChangeKind } from './post-event.type.js';
import { postLoader } from './post.loader.js';

/** What an event does to what. */
interface Change {
  readonly change: ChangeKind;
  readonly subjectId: PostId | CommentId;
}

const ofComment = (change: ChangeKind) => (payload: object) => ({
  change,
  subjectId: (payload as CommentFact).commentId,
});
const ofPost = (change: ChangeKind) => (payload: object) => ({
  change,
  subjectId: (payload as PayloadOf<typeof postUpdated>).postId,
});

const READERS: Readonly<Record<string, (payload: object) => Change>> = {
  [postUpdated.name]: ofPost('UPDATED'),
  [postDelivered.name]: ofPost('UPDATED'),
  [postDeleted.name]: ofPost('REMOVED'),
  [postArchived.name]: ofPost('REMOVED'),
  [postUnarchived.name]: ofPost('ADDED'),
  [postPinSet.name]: ofPost('UPDATED'),
  [tagAnswered.name]: ofPost('UPDATED'),
  [commentAdded.name]: ofComment('ADDED'),
  [commentFound.name]: ofComment('ADDED'),
  [commentUpdated.name]: ofComment('UPDATED'),
  [commentDeleted.name]: ofComment('REMOVED'),
  [commentHidden.name]: ofComment('REMOVED'),
  [commentShown.name]: ofComment('ADDED'),
  [reactionSet.name]: (payload) => ({
    change: 'UPDATED',
    subjectId: (payload as PayloadOf<typeof reactionSet>).subjectId,
  }),
  [postQuoted.name]: (payload) => ({
    change: 'UPDATED',
    subjectId: (payload as QuoteFact).quotedPostId,
  }),
  [quoteDetached.name]: ofPost('UPDATED'),
  [postReposted.name]: ofPost('UPDATED'),
  [repostEnded.name]: ofPost('UPDATED'),
};

const postFilter: LiveFilter = {
  isWanted: ({ name }) => name in READERS,
  admit: async ({ database }, event, onlookers) => {
    if (event.name === postDelivered.name) return authorOf(event);
    return event.name === commentHidden.name
      ? findWhoSeesNoMore(database, changeOf(event).subjectId, onlookers)
      : findWhoSees(database, subjectOf(event), onlookers);
  },
};

/** Where a post has arrived is its author's business. */
function authorOf({ payload }: LiveEvent): WhoSees {
  const { authorId } = payload as PayloadOf<typeof postDelivered>;
  return (onlooker) => onlooker === authorId;
}

/** A comment that was hidden is gone for those alone who do not see it any more. */
async function findWhoSeesNoMore(
  reader: Reader,
  id: PostId | CommentId,
  onlookers: readonly Onlooker[],
): Promise<WhoSees> {
  const could = await findWhoSees(reader, { id, asIfShown: true }, onlookers);
  const can = await findWhoSees(reader, { id }, onlookers);
  return (onlooker) => could(onlooker) && !can(onlooker);
}

@Resolver()
export class PostSubscriptions {
  @Subscription(() => PostEventType, {
    description:
      'Changes of one open post, its comments and counters; for its author also how far it has come (`Post.federation`), at most every two seconds. Each event comes only to those who see what it is about when it happens.',
    subscribe: ({ args, context }) =>
      postSource(args as PostChangedArgs, context as GraphQLContext),
  })
  @Shared()
  async postChanged(
    @Root() event: LiveEvent,
    @Arg('postId', () => ID, { description: 'Global id of the post.' }) _postId: string,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: replays up to 15 minutes and 1,000 events, else INVALID_CURSOR.',
    })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<PostEventType> {
    const { change, subjectId } = changeOf(event);
    const { postId } = event.payload as { postId: PostId };
    const commentId = subjectId === postId ? null : (subjectId as CommentId);
    const isGone = change === 'REMOVED' && commentId === null;
    const comment =
      commentId && change !== 'REMOVED' ? await load(context, commentLoader, commentId) : null;
    return {
      cursor: event.cursor,
      change,
      // One answer may go to many: what its author alone still sees is gone here for all of them.
      post: isGone ? null : await load(context, postLoader, postId),
      comment,
      commentEdge: comment && {
        cursor: encodeCursor(commentKey(comment, 'NEWEST')),
        node: comment,
      },
      removedCommentId: commentId && change === 'REMOVED' ? toGlobalId('comment', commentId) : null,
    };
  }
}

interface PostChangedArgs {
  readonly postId: string;
  readonly after?: string | null;
}

async function postSource(
  { postId, after }: PostChangedArgs,
  context: GraphQLContext,
): Promise<LiveSource> {
  const id = readId('post', postId, ['postId']);
  if (!(await load(context, postLoader, id))) throw new NotFound(['postId']);
  return new LiveSource(postFilter, [postTopic(id)], after ?? null);
}

function changeOf({ name, payload }: LiveEvent): Change {
  const read = READERS[name];
  if (!read) throw new Error(`No change of a post: ${name}`);
  return read(payload);
}

/** Who could see what was removed may learn that it is gone. */
function subjectOf(event: LiveEvent): SeenSubject {
  const { change, subjectId } = changeOf(event);
  const asIfListed = event.name === postArchived.name;
  return { id: subjectId, asIfPresent: change === 'REMOVED', asIfListed };
}
