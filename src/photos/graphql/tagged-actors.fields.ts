/** People on the pictures of a photo post. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import {
  PhotoTagType,
  tagsOfPostLoader,
  type PhotoTagSource,
} from '../../posts/graphql/photo-tag.type.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { PhotoPostType } from './photo-post.type.js';

@Resolver(() => PhotoPostType)
export class TaggedActorFields {
  @FieldResolver(() => [PhotoTagType], {
    description:
      'People tagged in the pictures who agreed and whom the viewer may see, picture by picture. Its author sees those too who have yet to agree, and each of them their own tag.',
  })
  @ListSize({ assumedSize: 5 })
  async taggedActors(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<readonly PhotoTagSource[]> {
    return (await load(context, tagsOfPostLoader, post.id)) ?? [];
  }
}
