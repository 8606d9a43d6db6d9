/** What an invite says to whoever has its code, before they register. */
import { Arg, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { instanceSettings } from '../instance-settings.js';
import { findOpenInvite, type OpenInvite } from '../invites.js';

@ObjectType('InvitePreview', {
  description: 'What an invite says to whoever has its code.',
})
export class InvitePreviewType {
  @Field(() => Boolean, {
    description: 'Who registers with it follows the inviter from the start.',
  })
  followsInviter!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on it is worthless; null = never.',
  })
  expiresAt!: Date | null;

  @Field(() => Boolean, { description: 'The staff still has to let in who registers with it.' })
  needsApproval!: boolean;
}

/** A preview as resolvers see it. */
type PreviewSource = OpenInvite & Pick<InvitePreviewType, 'needsApproval'>;

@Resolver(() => InvitePreviewType)
export class InvitePreviewFields {
  @Query(() => InvitePreviewType, {
    nullable: true,
    description:
      'What the invite with this code says. Public: the code is the secret. Null when it lets nobody in: unknown, used up, over or revoked.',
  })
  async invitePreview(
    @Arg('code', () => String, { description: 'The code, or the address of the page.' })
    code: string,
    @Ctx() context: GraphQLContext,
  ): Promise<PreviewSource | null> {
    const { database, config, clock } = context;
    const settings = await instanceSettings(database, config);
    if (settings.registrationMode === 'CLOSED') return null;
    const invite = await findOpenInvite(database, settings, code, clock.now());
    const needsApproval = settings.registrationMode === 'APPROVAL' && !invite?.sparesApproval;
    return invite && { ...invite, needsApproval };
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who invites; null for the staff as such.',
  })
  inviter(
    @Root() { inviterId }: PreviewSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return inviterId && load(context, actorLoader, inviterId);
  }
}
