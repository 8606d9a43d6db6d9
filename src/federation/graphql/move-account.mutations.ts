/** Leaving for another account. */
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
import { moveAccount, setAccountRedirect } from '../move-account.js';

@InputType('MoveAccountInput', { description: 'Where to, and proof that the owner asks.' })
export class MoveAccountInput {
  @Field(() => ActorLocator, {
    description: 'The other account, here or on another server. It has to name this one.',
  })
  target!: ActorLocator;

  @Field(() => String, { description: 'The password of this account.' })
  password!: string;
}

@InputType('SetAccountRedirectInput', { description: 'Where to, and proof that the owner asks.' })
export class SetAccountRedirectInput {
  @Field(() => ActorLocator, {
    nullable: true,
    description: 'The other account; null = nowhere any more.',
  })
  target?: ActorLocator | null;

  @Field(() => String, { description: 'The password of this account.' })
  password!: string;
}

@ObjectType('MoveAccountPayload', { description: 'Answer of moveAccount.' })
export class MoveAccountPayload extends Payload {
  @Field(() => ActorType, {
    nullable: true,
    description: 'The viewer with its `movedTo`; null when nothing was done.',
  })
  actor!: ActorSource | null;
}

@ObjectType('SetAccountRedirectPayload', { description: 'Answer of setAccountRedirect.' })
export class SetAccountRedirectPayload extends Payload {
  @Field(() => ActorType, {
    nullable: true,
    description: 'The viewer with its `movedTo`; null when nothing was done.',
  })
  actor!: ActorSource | null;
}

@Resolver()
export class MoveAccountMutations {
  @Mutation(() => MoveAccountPayload, {
    description:
      'Move to another account with all followers: those here follow it as their own follows allow, those on other servers as these do. The other account has to name this one in `Actor.alsoKnownAs`; its server is asked now. From then on this account publishes nothing and takes no followers, but can read, export and be deleted; setAccountRedirect with null brings it back, without the followers. The next move is possible after 30 days. Codes: INVALID_CREDENTIALS, NOT_FOUND, INVALID_INPUT for oneself, FORBIDDEN when the other account does not name this one, CONFLICT when it has moved itself, RATE_LIMITED.',
  })
  @RequiresScope('account:portability')
  @Cost(50)
  moveAccount(
    @Arg('input', () => MoveAccountInput, { description: 'Where to.' }) input: MoveAccountInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => moveAccount(context, input),
      async () => ({ actor: await loadSelf(context) }),
    );
  }

  @Mutation(() => SetAccountRedirectPayload, {
    description:
      'Say in `Actor.movedTo` where one is now, without moving followers, or (null) that one is here: the account is in use again then. What a move has done stays. Codes: INVALID_CREDENTIALS, NOT_FOUND, INVALID_INPUT for oneself, CONFLICT when the other account has moved itself, RATE_LIMITED.',
  })
  @RequiresScope('account:portability')
  @Cost(50)
  setAccountRedirect(
    @Arg('input', () => SetAccountRedirectInput, { description: 'Where to.' })
    { target = null, password }: SetAccountRedirectInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => setAccountRedirect(context, { target, password }),
      async () => ({ actor: await loadSelf(context) }),
    );
  }
}

function loadSelf(context: GraphQLContext): Promise<ActorSource | null> {
  return load(context, actorLoader, requireViewer(context).actorId);
}
