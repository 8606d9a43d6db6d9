/** People on pictures. */
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { MediaSource } from '../../media/graphql/media.loader.js';
import { MediaInterface } from '../../media/graphql/media.type.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { findTags, findTagsOfPosts, type PhotoTagRow } from '../photo-tag.queries.js';
import type { PhotoTagId } from '../photo-tag.js';
import { mediaOfPostLoader } from './post-media.fields.js';
import { loadPostOf, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

/** A tag as resolvers see it. */
export type PhotoTagSource = PhotoTagRow & NodeSource;

@ObjectType('PhotoTag', {
  implements: Node,
  description:
    'A person tagged at a point of a picture. Until the person agrees, only they and the author see it.',
})
export class PhotoTagType {
  @Field(() => Float, { description: 'From 0 (left) to 1 (right).' })
  x!: number;

  @Field(() => Float, { description: 'From 0 (top) to 1 (bottom).' })
  y!: number;

  @Field(() => Boolean, { description: 'The person agreed, or lets everybody see tags at once.' })
  isConfirmed!: boolean;
}

@ObjectType('PhotoTagEdge', {
  description: 'A tag and its place in a list.',
  simpleResolvers: true,
})
export class PhotoTagEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => PhotoTagType, { description: 'The tag.' })
  node!: PhotoTagSource;
}

@ObjectType('PhotoTagConnection', { description: 'A page of tags.', simpleResolvers: true })
export class PhotoTagConnection {
  @Field(() => [PhotoTagEdge], { description: 'Tags with their places.' })
  edges!: PhotoTagEdge[];

  @Field(() => [PhotoTagType], { description: 'The tags alone.' })
  nodes!: PhotoTagSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toTagSource(row: PhotoTagRow): PhotoTagSource {
  return { ...row, nodeType: 'PhotoTag' };
}

/** Tags that the viewer sees. */
export const photoTagLoader = defineLoader<PhotoTagId, PhotoTagSource>(async (context, ids) => {
  const rows = await findTags(context.database, ids, context.readerId);
  return new Map(rows.map((row) => [row.id, toTagSource(row)]));
});

/** `tag_…` ids. */
export const photoTagNode = defineNode('tag', ['PhotoTag'], photoTagLoader);

/** Tags of posts that the viewer sees. */
export const tagsOfPostLoader = defineLoader<string, PhotoTagSource[]>(async (context, ids) => {
  const tags = new Map<string, PhotoTagSource[]>(ids.map((id) => [id, []]));
  const rows = await findTagsOfPosts(context.database, ids, context.readerId);
  for (const row of rows) tags.get(row.postId)?.push(toTagSource(row));
  return tags;
});

@Resolver(() => PhotoTagType)
export class PhotoTagFields {
  @FieldResolver(() => ActorType, { description: 'Who is on the picture.' })
  async actor(@Root() tag: PhotoTagSource, @Ctx() context: GraphQLContext): Promise<ActorSource> {
    return (await load(context, actorLoader, tag.actorId))!;
  }

  @FieldResolver(() => MediaInterface, { description: 'The picture.' })
  async media(@Root() tag: PhotoTagSource, @Ctx() context: GraphQLContext): Promise<MediaSource> {
    return (await load(context, mediaOfPostLoader, tag.mediaId))!;
  }

  @FieldResolver(() => PostType, { description: 'The post that the picture belongs to.' })
  post(@Root() tag: PhotoTagSource, @Ctx() context: GraphQLContext): Promise<PostSource> {
    return loadPostOf(context, tag.postId);
  }
}
