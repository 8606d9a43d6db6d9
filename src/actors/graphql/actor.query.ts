/** Looking actors up. */
import { Arg, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { OneOf } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { HandleScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { parseGlobalId } from '../../platform/ids.js';
import type { ActorId } from '../actor.entity.js';
import { findActorByHandle, findActorByUrl } from '../actor.queries.js';
import { actorLoader, toActorSource, type ActorSource } from './actor.loader.js';
import { ActorType } from './actor.type.js';

@InputType('ActorLocator', { description: 'Exactly one way to name an actor.' })
@OneOf()
export class ActorLocator {
  @Field(() => ID, { nullable: true, description: 'Global id.' })
  id?: string;

  @Field(() => HandleScalar, {
    nullable: true,
    description: 'Handle; without a domain it is a local one.',
  })
  handle?: string;

  @Field(() => UrlScalar, { nullable: true, description: 'ActivityPub id or page.' })
  url?: string;
}

@Resolver()
export class ActorQuery {
  @Query(() => ActorType, {
    nullable: true,
    description:
      'Look an actor up among those this server knows. Null when unknown, and for a deleted one unless it is named by its id; nothing is asked over the network.',
  })
  async actor(
    @Arg('by', () => ActorLocator, { description: 'Which one.' }) by: ActorLocator,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    if (by.id != null) {
      const parsed = parseGlobalId(by.id);
      return parsed?.kind === 'actor' ? load(context, actorLoader, parsed.id as ActorId) : null;
    }
    const row =
      by.handle != null
        ? await this.byHandle(context, by.handle)
        : await findActorByUrl(context.database, by.url ?? '');
    return row && row.status !== 'DELETED' ? toActorSource(row) : null;
  }

  private byHandle(context: GraphQLContext, handle: string) {
    const [username = '', domain] = handle.split('@');
    const isLocal = domain === undefined || domain.toLowerCase() === context.config.publicUrl.host;
    return findActorByHandle(context.database, username, isLocal ? null : domain.toLowerCase());
  }
}
