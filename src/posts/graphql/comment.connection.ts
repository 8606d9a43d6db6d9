/** Pages of comments, and what can be commented on. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  InterfaceType,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { InteractionPolicyEnum } from '../../actors/graphql/visibility.type.js';
import type { CommentPolicy } from '../../actors/visibility.js';
import { isUuid } from '../../platform/ids.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { Node, type NodeSource } from '../../platform/graphql/node.js';
import {
  COMMENT_SORTS,
  findCommentsOfPosts,
  findReplies,
  type CommentSort,
} from '../comment.queries.js';
import type { CommentId, PostId } from '../post.entity.js';
import { loadAround } from './around.js';
import { toCommentSource, type CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import { postLookLoader } from './look.loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';

/** GraphQL enum of the orders. */
export const CommentSortEnum = describedEnum('CommentSort', 'Order of comments.', COMMENT_SORTS);

@ObjectType('CommentEdge', {
  description: 'A comment and its place in a list.',
  simpleResolvers: true,
})
@Shared()
export class CommentEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => CommentType, { description: 'The comment.' })
  node!: CommentSource;
}

@ObjectType('CommentConnection', { description: 'A page of comments.', simpleResolvers: true })
export class CommentConnection {
  @Field(() => [CommentEdge], { description: 'Comments with their places.' })
  edges!: CommentEdge[];

  @Field(() => [CommentType], { description: 'The comments alone.' })
  nodes!: CommentSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

@InterfaceType('Commentable', {
  implements: Node,
  description: 'Something that can be commented on.',
  resolveType: (source: NodeSource) => source.nodeType,
})
export abstract class Commentable {
  @Field(() => InteractionPolicyEnum, { description: 'Who may comment.' })
  commentPolicy!: CommentPolicy;
}

/** Arguments of a list of first-level comments. */
@ArgsType()
export class CommentPageArgs extends PageArgs {
  @Field(() => CommentSortEnum, {
    nullable: true,
    defaultValue: 'TOP',
    description: 'Order; a cursor is good for the order it came from.',
  })
  sort?: CommentSort | null;
}

const commentsLoader = definePageLoader((context, postIds, sort: CommentSort, request) =>
  findCommentsOfPosts(
    context.database,
    postIds,
    sort,
    request,
    context.readerId,
    context.clock.now(),
  ),
);
const repliesLoader = definePageLoader((context, commentIds, _variant: null, request) =>
  findReplies(context.database, commentIds, request, context.readerId, context.clock.now()),
);

@Resolver(() => Commentable)
export class CommentableFields {
  @FieldResolver(() => CommentConnection, {
    description:
      'Comments of the first level that the viewer may see; answers to them are in `Comment.replies`.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async comments(
    @Root() subject: NodeSource & { readonly isLocal?: boolean },
    @Args(() => CommentPageArgs) args: CommentPageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<CommentSource>> {
    if (subject.isLocal === false) await load(context, postLookLoader, subject.id as PostId);
    const sort = args.sort ?? 'TOP';
    const request = sort === 'TOP' ? readPage(args, 2, isTopKeyPart) : readPage(args, 1, isUuid);
    const page = await loadAround(context, commentsLoader, {
      ownerId: subject.id,
      variant: sort,
      request,
    });
    return toConnection(
      page,
      (row) => commentKey(row, sort),
      (row) => toCommentSource(row, context.readerId),
    );
  }
}

@Resolver(() => CommentType)
export class CommentReplyFields {
  @FieldResolver(() => CommentConnection, {
    description: 'Answers to this comment that the viewer may see, the oldest first.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async replies(
    @Root() comment: CommentSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<CommentSource>> {
    const request = readPage(args, 1, isUuid);
    const page = await loadAround(context, repliesLoader, {
      ownerId: comment.id,
      variant: null,
      request,
    });
    return toConnection(
      page,
      (row) => [row.id],
      (row) => toCommentSource(row, context.readerId),
    );
  }
}

/** The sort key of a comment, from which its cursor is made. */
export function commentKey(
  row: { id: CommentId; topRank: number },
  sort: CommentSort,
): readonly string[] {
  return sort === 'TOP' ? [String(row.topRank), row.id] : [row.id];
}

function isTopKeyPart(part: string, index: number): boolean {
  return index === 0 ? /^\d{1,15}(?:\.\d{1,15})?$/.test(part) : isUuid(part);
}
