/** Looking posts up. */
import { Arg, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { OneOf } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { parseGlobalId } from '../../platform/ids.js';
import type { PostId } from '../post.entity.js';
import { findPostByUrl } from '../post.queries.js';
import { postLoader, toPostSource, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('PostLocator', { description: 'Exactly one way to name a post.' })
@OneOf()
export class PostLocator {
  @Field(() => ID, { nullable: true, description: 'Global id.' })
  id?: string;

  @Field(() => UrlScalar, { nullable: true, description: 'ActivityPub id or page.' })
  url?: string;
}

@Resolver()
export class PostQuery {
  @Query(() => PostType, {
    nullable: true,
    description:
      'Look a post up among those this server knows. Null when unknown or not visible to the viewer; nothing is asked over the network.',
  })
  async post(
    @Arg('by', () => PostLocator, { description: 'Which one.' }) by: PostLocator,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> {
    if (by.id != null) {
      const parsed = parseGlobalId(by.id);
      return parsed?.kind === 'post' ? load(context, postLoader, parsed.id as PostId) : null;
    }
    const row = await findPostByUrl(context.database, by.url ?? '', context.readerId);
    return row && toPostSource(row);
  }
}
