/** What a starter pack shows of its people and hashtags. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { foldHashtag } from '../../posts/content/hashtag.js';
import {
  hashtagByNameLoader,
  HashtagType,
  type HashtagSource,
} from '../../posts/graphql/hashtag.type.js';
import { countPackMembers, findPackMembers, type PackCounts } from '../starter-packs.queries.js';
import { StarterPackType, type StarterPackSource } from './starter-pack.type.js';

@ObjectType('StarterPackHashtag', { description: 'A hashtag that a starter pack recommends.' })
export class StarterPackHashtagType {
  @Field(() => String, { description: 'As the owner of the pack wrote it, without #.' })
  name!: string;
}

const membersLoader = definePageLoader((context, ids, _variant: null, request) =>
  findPackMembers(context.database, ids, request, context.viewer?.actorId ?? null),
);

const countsLoader = defineLoader<string, PackCounts>(async (context, ids) => {
  const rows = await countPackMembers(context.database, ids, context.viewer?.actorId ?? null);
  return new Map(rows.map((row) => [row.id, row]));
});

@Resolver(() => StarterPackType)
export class StarterPackFields {
  @FieldResolver(() => UrlScalar)
  uri(@Root() { id }: StarterPackSource, @Ctx() { config }: GraphQLContext): string {
    return `${config.publicUrl.origin}/starter-packs/${id}`;
  }

  @FieldResolver(() => UrlScalar)
  url(@Root() { id }: StarterPackSource, @Ctx() { config }: GraphQLContext): string {
    return `${config.publicUrl.origin}/starter-packs/${id}`;
  }

  @FieldResolver(() => ActorType, { description: 'Whose it is.' })
  async owner(
    @Root() pack: StarterPackSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, pack.ownerId))!;
  }

  @FieldResolver(() => ActorConnection, {
    description:
      'People in it whom the viewer sees there, in the order that the owner chose: who wishes to be found, without a block with the owner or the viewer.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async actors(
    @Root() pack: StarterPackSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
    const request = readPage(args, 1, (part) => /^\d{1,9}$/.test(part));
    const key = { ownerId: pack.id, variant: null, request };
    const page = (await load(context, membersLoader, key))!;
    const rows = page.rows.map((row) => ({ ...row, id: String(row.position) }));
    return toActorConnection(context, { ...page, rows });
  }

  @FieldResolver(() => Int, { description: 'People in it whom the viewer sees there.' })
  @Cost(5)
  async actorCount(
    @Root() pack: StarterPackSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, countsLoader, pack.id))?.members ?? 0;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'How many of them the viewer follows or has asked: it grows while a use goes on. Null for anonymous requests.',
  })
  @Cost(5)
  async viewerFollowingCount(
    @Root() pack: StarterPackSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number | null> {
    if (!context.viewer) return null;
    return (await load(context, countsLoader, pack.id))?.followed ?? 0;
  }

  @FieldResolver(() => [StarterPackHashtagType], {
    description: 'Hashtags in it, at most 20, in the order that the owner chose.',
  })
  @ListSize({ assumedSize: 5 })
  hashtags(@Root() pack: StarterPackSource): StarterPackHashtagType[] {
    return pack.hashtags.map((name) => ({ name }));
  }
}

@Resolver(() => StarterPackHashtagType)
export class StarterPackHashtagFields {
  @FieldResolver(() => HashtagType, {
    nullable: true,
    description:
      'The hashtag; null while no post that the viewer may see uses it, unless they follow it.',
  })
  hashtag(
    @Root() { name }: StarterPackHashtagType,
    @Ctx() context: GraphQLContext,
  ): Promise<HashtagSource | null> | null {
    const folded = foldHashtag(name);
    return folded === null ? null : load(context, hashtagByNameLoader, folded);
  }
}
