/** Of what a video is made, what is made of it, and who may. */
import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { isUuid } from '../../platform/ids.js';
import { PostConnection, toPostConnection } from '../../posts/graphql/post.connection.js';
import { factsLoader, postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import type { PostId } from '../../posts/post.entity.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import {
  findRemixPolicies,
  REMIX_KINDS,
  type RemixKind,
  type RemixPolicies,
} from '../../posts/remix-policies.js';
import { canRemix } from '../../posts/remix.policy.js';
import type { RemixOf } from '../remix.js';
import { findRemixes, findRemixesOf } from '../remixes.queries.js';
import { RemixKindEnum, RemixPoliciesType } from './remix.type.js';

/** Arguments of the remixes of a video. */
@ArgsType()
export class RemixArgs extends PageArgs {
  @Field(() => RemixKindEnum, { nullable: true, description: 'Only this kind; null = all.' })
  kind?: RemixKind | null;
}

const remixOfLoader = defineLoader<PostId, RemixOf>(async (context, ids) => {
  const rows = await findRemixesOf(context.database, ids);
  return new Map(rows.map((row) => [row.postId, row]));
});
const policiesLoader = defineLoader<PostId, RemixPolicies>((context, ids) =>
  findRemixPolicies(context.database, ids),
);
const remixesLoader = definePageLoader((context, ids, kind: RemixKind | null, request) =>
  findRemixes(context.database, ids, kind, request, context.readerId),
);

@Resolver(() => VideoPostType)
export class VideoRemixFields {
  @FieldResolver(() => RemixKindEnum, {
    nullable: true,
    description: 'What it takes from another video of this server; null when it is no remix.',
  })
  async remixKind(
    @Root() { id }: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<RemixKind | null> {
    return (await load(context, remixOfLoader, id))?.kind ?? null;
  }

  @FieldResolver(() => VideoPostType, {
    nullable: true,
    description:
      'The video of which it is made. Null when it is no remix, when the original is gone or the viewer may not see it, and for good after a block between the two authors.',
  })
  async remixOf(
    @Root() { id }: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> {
    const originalId = (await load(context, remixOfLoader, id))?.originalId ?? null;
    return originalId === null ? null : load(context, postLoader, originalId);
  }

  @FieldResolver(() => PostConnection, {
    description: 'Videos that were made of it and that the viewer may see, the newest first.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async remixes(
    @Root() { id }: PostSource,
    @Args(() => RemixArgs) { kind, ...args }: RemixArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const key = { ownerId: id, variant: kind ?? null, request };
    return toPostConnection((await load(context, remixesLoader, key))!);
  }

  @FieldResolver(() => RemixPoliciesType, {
    nullable: true,
    description: 'Who may make what of it; null for a video of another server.',
  })
  async remixPolicies(
    @Root() { id, isLocal }: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<RemixPoliciesType | null> {
    const policies = isLocal ? await load(context, policiesLoader, id) : null;
    return policies && { duet: policies.DUET, stitch: policies.STITCH, sound: policies.SOUND };
  }

  @FieldResolver(() => [RemixKindEnum], {
    description: 'What the viewer may make of it; empty without signing in.',
  })
  @ListSize({ assumedSize: 3 })
  async viewerRemixKinds(
    @Root() { id }: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<RemixKind[]> {
    const { viewer } = context;
    if (!viewer) return [];
    const [facts, policies] = await Promise.all([
      load(context, factsLoader, id),
      load(context, policiesLoader, id),
    ]);
    if (!facts || !policies) return [];
    const kinds = Object.keys(REMIX_KINDS) as RemixKind[];
    return kinds.filter((kind) => canRemix(viewer.actorId, facts, policies[kind]));
  }
}
