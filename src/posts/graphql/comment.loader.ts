/** Comments by id, as far as the viewer sees them, shaped for GraphQL. */
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import { canCurateComments, canDeleteComment } from '../comment.policy.js';
import { findComments, type CommentRow } from '../comment.queries.js';
import type { CommentId } from '../post.entity.js';
import { LIKE } from '../reaction-content.js';
import { toAuthor } from './author-source.js';

/** A comment as resolvers see it. */
export interface CommentSource extends NodeSource, CommentRow {
  readonly id: CommentId;
  readonly author: ActorSource;
  readonly isByPostAuthor: boolean;
  readonly viewerIsLiking: boolean;
  readonly viewerCanEdit: boolean;
  readonly viewerCanDelete: boolean;
  readonly viewerCanHide: boolean;
  readonly viewerCanPin: boolean;
}

/** Shapes a row. */
export function toCommentSource(row: CommentRow, viewerId: ActorId | null): CommentSource {
  const curates = viewerId !== null && canCurateComments(viewerId, row.postAuthorId);
  return {
    ...row,
    nodeType: 'Comment',
    author: toAuthor(row),
    isByPostAuthor: row.authorId === row.postAuthorId,
    viewerIsLiking: row.viewerReaction === LIKE,
    viewerCanEdit: viewerId === row.authorId,
    viewerCanDelete:
      viewerId !== null && canDeleteComment(viewerId, row.authorId, row.postAuthorId),
    viewerCanHide: curates,
    viewerCanPin: curates && row.parentId === null && !row.isHidden,
  };
}

/** Loads comments. */
export const commentLoader = defineLoader<CommentId, CommentSource>(async (context, ids) => {
  const viewerId = context.readerId;
  const rows = await findComments(context.database, ids, viewerId);
  return new Map(rows.map((row) => [row.id, toCommentSource(row, viewerId)]));
});

/** `comment_…` ids. */
export const commentNode = defineNode('comment', ['Comment'], commentLoader);
