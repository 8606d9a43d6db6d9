/** What stands around a post or comment: its comments, earlier versions, and who did what with it. */
import { toPage, type Page } from '../../platform/db/page.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load, type LoaderDefinition } from '../../platform/graphql/loader.js';
import type { PageKey } from '../../platform/graphql/page-loader.js';
import type { CommentId, PostId } from '../post.entity.js';
import { commentLoader } from './comment.loader.js';
import { postLoader } from './post.loader.js';

/**
 * A page of a list around a post or comment. A mutation shows what it is about also to a token that may not read posts;
 * what stands around that is shown as to everybody, so it is empty where not everybody sees the subject.
 *
 * @param subjectId where the list is not named by the subject alone
 */
export async function loadAround<Variant, Row>(
  context: GraphQLContext,
  loader: LoaderDefinition<PageKey<Variant>, Page<Row>>,
  key: PageKey<Variant>,
  subjectId: string = key.ownerId,
): Promise<Page<Row>> {
  if (!(await isSeenAsRead(context, subjectId))) return toPage(key.request, []);
  return (await load(context, loader, key))!;
}

/** Whether a post or comment that is shown is seen by those, too, through whose eyes is read. */
export async function isSeenAsRead(context: GraphQLContext, id: string): Promise<boolean> {
  if (context.readerId !== null || context.viewer === null) return true;
  const post = await load(context, postLoader, id as PostId);
  return post !== null || (await load(context, commentLoader, id as CommentId)) !== null;
}
