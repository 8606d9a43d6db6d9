/** Previews of the pages that posts and comments point to. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Shared } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { findLinkPreviews, type LinkPreviewRow } from '../link-preview.queries.js';
import type { CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

const DESCRIPTION =
  'Preview of the first page of another site that the text points to by https. Null when there is none, until it was fetched (within a minute or so), and when the page says nothing about itself.';

const previewLoader = defineLoader<string, LinkPreviewRow>(async (context, ids) => {
  const rows = await findLinkPreviews(context.database, ids);
  return new Map(rows.map((row) => [row.ownerId, row]));
});

@ObjectType('LinkPreview', {
  description:
    'What a page says about itself, as plain text; fetched once for everybody and at most once a day. Pictures are left out.',
  simpleResolvers: true,
})
@Shared()
export class LinkPreviewType {
  @Field(() => UrlScalar, { description: 'Address, as it stands in the text.' })
  url!: string;

  @Field(() => String, { description: 'Title, at most 300 characters.' })
  title!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Summary, at most 500 characters; null when it says none.',
  })
  description!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the site; null when it says none.',
  })
  siteName!: string | null;
}

@Resolver(() => PostType)
export class PostLinkPreviewFields {
  @FieldResolver(() => LinkPreviewType, { nullable: true, description: DESCRIPTION })
  @Shared()
  linkPreview(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<LinkPreviewRow | null> {
    return load(context, previewLoader, post.id);
  }
}

@Resolver(() => CommentType)
export class CommentLinkPreviewFields {
  @FieldResolver(() => LinkPreviewType, { nullable: true, description: DESCRIPTION })
  @Shared()
  linkPreview(
    @Root() comment: CommentSource,
    @Ctx() context: GraphQLContext,
  ): Promise<LinkPreviewRow | null> {
    return load(context, previewLoader, comment.id);
  }
}
