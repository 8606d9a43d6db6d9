/** The private root of the signed-in person. Slices above add their own fields to it. */
import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { Role } from '../../platform/context.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { Node } from '../../platform/graphql/node.js';
import { accountOf, type ViewerSource } from './viewer.loader.js';

/** GraphQL enum of the roles. */
export const StaffRoleEnum = describedEnum<Role>(
  'StaffRole',
  'Roles; each includes the ones before it.',
  {
    USER: 'An ordinary person.',
    CURATOR: 'Picks posts and people for discovery.',
    MODERATOR: 'Handles reports and registrations.',
    ADMIN: 'Changes the settings of the server.',
    OWNER: 'Answers for the server; nobody takes this role away but the command line.',
  },
);

@ObjectType('Viewer', {
  implements: [Node],
  description:
    'Private root of the authenticated account: only its owner ever sees it. Scopes are checked per field.',
})
export class ViewerType {}

@Resolver(() => ViewerType)
export class ViewerFields {
  @FieldResolver(() => ActorType, { description: 'The public profile of this account.' })
  async actor(@Root() viewer: ViewerSource, @Ctx() context: GraphQLContext): Promise<ActorSource> {
    const actor = await load(context, actorLoader, viewer.actorId);
    if (!actor) throw new Error('An active account has no visible actor');
    return actor;
  }

  @FieldResolver(() => StaffRoleEnum, { description: 'Role on this server.' })
  async role(@Root() viewer: ViewerSource, @Ctx() context: GraphQLContext): Promise<Role> {
    return (await accountOf(context, viewer)).role;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'E-mail address that was given for the account, confirmed or not; only its owner sees it. Null when the token lacks the scope.',
  })
  @RequiresScope('read:account', 'email')
  async email(@Root() viewer: ViewerSource, @Ctx() context: GraphQLContext): Promise<string> {
    return (await accountOf(context, viewer)).email;
  }

  @FieldResolver(() => Boolean, {
    description:
      'True when the e-mail address was confirmed by a link. While it is false, the address may be another account’s: sign in with the username.',
  })
  async isEmailVerified(
    @Root() viewer: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<boolean> {
    return (await accountOf(context, viewer)).emailVerifiedAt !== null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'New e-mail address that waits for its confirmation; null when none does.',
  })
  @RequiresScope('read:account', 'email')
  async pendingEmail(
    @Root() viewer: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<string | null> {
    return (await accountOf(context, viewer)).pendingEmail;
  }

  @FieldResolver(() => [String], { description: 'Scopes of the token in use.' })
  @ListSize({ assumedSize: 10 })
  grantedScopes(@Ctx() context: GraphQLContext): readonly string[] {
    return context.viewer?.scopes ?? [];
  }
}
