/** Where collections and playlists stand, and whose they are. */
import { Ctx, FieldResolver, Resolver, Root, type ClassType } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import type { AnyCollectionSource } from './any-collection.type.js';

/** Resolvers of a type, to be extended by those of what it alone shows. */
export function anyCollectionFields(type: ClassType) {
  @Resolver(() => type)
  abstract class AnyCollectionFields {
    @FieldResolver(() => UrlScalar)
    uri(@Root() { id }: AnyCollectionSource, @Ctx() { config }: GraphQLContext): string {
      return `${config.publicUrl.origin}/collections/${id}`;
    }

    @FieldResolver(() => UrlScalar)
    url(@Root() { id }: AnyCollectionSource, @Ctx() { config }: GraphQLContext): string {
      return `${config.publicUrl.origin}/collections/${id}`;
    }

    @FieldResolver(() => ActorType, { description: 'Whose it is.' })
    async owner(
      @Root() { ownerId }: AnyCollectionSource,
      @Ctx() context: GraphQLContext,
    ): Promise<ActorSource> {
      return (await load(context, actorLoader, ownerId))!;
    }
  }
  return AnyCollectionFields;
}
