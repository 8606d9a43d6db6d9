/** Other accounts of the same person. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorLocator } from '../../actors/graphql/actor.query.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { setAccountAlias } from '../set-account-alias.js';

@InputType('SetAccountAliasInput', { description: 'Which account, and whether it is named.' })
export class SetAccountAliasInput {
  @Field(() => ActorLocator, {
    description:
      'The other account. One that is to be named is looked up on its own server where it is unknown here.',
  })
  alias!: ActorLocator;

  @Field(() => Boolean, { description: 'True to name it, false to name it no more.' })
  present!: boolean;
}

@ObjectType('SetAccountAliasPayload', { description: 'Answer of setAccountAlias.' })
export class SetAccountAliasPayload extends Payload {
  @Field(() => ActorType, {
    nullable: true,
    description: 'The viewer with its `alsoKnownAs`; null when nothing was done.',
  })
  actor!: ActorSource | null;
}

@Resolver()
export class AccountAliasMutations {
  @Mutation(() => SetAccountAliasPayload, {
    description:
      'Name another account of one’s own in `Actor.alsoKnownAs`, or name it no more: only an account that is named so can move here with its followers. At most 10. Codes: NOT_FOUND, INVALID_INPUT for oneself, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('account:portability')
  @Cost(50)
  setAccountAlias(
    @Arg('input', () => SetAccountAliasInput, { description: 'The other account.' })
    { alias, present }: SetAccountAliasInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => setAccountAlias(context, { alias, isPresent: present }),
      async () => ({ actor: await load(context, actorLoader, requireViewer(context).actorId) }),
    );
  }
}
