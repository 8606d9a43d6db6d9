/** Who belongs to the staff. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { Role } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { setRole } from '../set-role.js';
import { adminAccountLoader, AdminAccountType, type AdminAccountSource } from './admin.type.js';
import { StaffRoleEnum } from './viewer.type.js';

@InputType('SetRoleInput', { description: 'A local person and a role.' })
export class SetRoleInput {
  @Field(() => ID, { description: 'The person’s actor.' })
  actorId!: string;

  @Field(() => StaffRoleEnum, { description: 'The role from now on; USER = none of the staff.' })
  role!: Role;
}

@ObjectType('SetRolePayload', { description: 'Answer of setRole.' })
export class SetRolePayload extends Payload {
  @Field(() => AdminAccountType, {
    nullable: true,
    description: 'The account after the change; null when refused.',
  })
  account!: AdminAccountSource | null;
}

@Resolver()
export class RoleMutations {
  @Mutation(() => SetRolePayload, {
    description:
      'Give a local person a role below your own. Needs the role ADMIN; recorded. Who loses rights is signed out everywhere; new ones reach tokens that are made from then on. Codes: FORBIDDEN, NOT_FOUND.',
  })
  @RequiresScope('admin:write:accounts')
  setRole(
    @Arg('input', () => SetRoleInput, { description: 'Who and what.' }) input: SetRoleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => setRole(context, { ...input, actorId: readId('actor', input.actorId, ['actorId']) }),
      async (id) => ({ account: await load(context, adminAccountLoader, id) }),
    );
  }
}
