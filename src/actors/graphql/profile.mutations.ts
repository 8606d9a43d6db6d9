/** `updateProfile`. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import type { MediaId } from '../../media/media.entity.js';
import { readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import type { ActorKind } from '../actor.entity.js';
import { updateProfile } from '../update-profile.js';
import { actorLoader, type ActorSource } from './actor.loader.js';
import { ActorKindEnum, ActorType } from './actor.type.js';

@InputType('ProfileFieldInput', { description: 'A line of the profile.' })
export class ProfileFieldInputType {
  @Field(() => String, { description: 'Label, at most 60 characters.' })
  name!: string;

  @Field(() => String, { description: 'Text or link, at most 255 characters.' })
  value!: string;
}

@InputType('PaymentLinkInput', { description: 'Where somebody may be supported.' })
export class PaymentLinkInputType {
  @Field(() => String, { description: 'What it is called, at most 60 characters.' })
  name!: string;

  @Field(() => String, {
    description: 'An https address, or a `payto:` one (RFC 8905), at most 1,000 characters.',
  })
  href!: string;
}

@InputType('UpdateProfileInput', {
  description: 'What to change: absent = unchanged, null = cleared.',
})
export class UpdateProfileInputType {
  @Field(() => String, { nullable: true, description: 'Name to show, at most 50 characters.' })
  displayName?: string | null;

  @Field(() => MarkdownScalar, { nullable: true, description: 'Bio, at most 500 characters.' })
  bio?: string | null;

  @Field(() => String, { nullable: true, description: 'Pronouns, at most 40 characters.' })
  pronouns?: string | null;

  @Field(() => [ProfileFieldInputType], {
    nullable: true,
    description: 'All lines of the profile, at most 6, in order.',
  })
  fields?: ProfileFieldInputType[] | null;

  @Field(() => [PaymentLinkInputType], {
    nullable: true,
    description: 'All links to support the viewer, at most 5, in order.',
  })
  paymentLinks?: PaymentLinkInputType[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether followers need approval.' })
  isLocked?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether to appear in suggestions, the directory, trends, starter packs of others, picks of the staff, and `for-you` of people who do not follow you.',
  })
  isDiscoverable?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether public posts may be found by search.',
  })
  isIndexable?: boolean | null;

  @Field(() => ActorKindEnum, { nullable: true, description: 'PERSON, ORGANIZATION or BOT.' })
  kind?: ActorKind | null;

  @Field(() => ID, { nullable: true, description: 'Own upload with purpose AVATAR.' })
  avatarMediaId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Own upload with purpose HEADER.' })
  headerMediaId?: string | null;
}

@ObjectType('UpdateProfilePayload', { description: 'Answer of updateProfile.' })
export class UpdateProfilePayload extends Payload {
  @Field(() => ActorType, {
    nullable: true,
    description: 'The profile after the change; null when refused.',
  })
  actor!: ActorSource | null;
}

@Resolver()
export class ProfileMutations {
  @Mutation(() => UpdateProfilePayload, {
    description:
      'Change the viewer’s profile. Codes: INVALID_INPUT, NOT_FOUND, MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS.',
  })
  @RequiresScope('write:account')
  updateProfile(
    @Arg('input', () => UpdateProfileInputType, { description: 'What to change.' })
    input: UpdateProfileInputType,
    @Ctx() context: GraphQLContext,
  ) {
    const { actorId } = requireViewer(context);
    return answer(
      context,
      async () => updateProfile(context, { ...input, ...pictures(input) }),
      async () => ({ actor: await load(context, actorLoader, actorId) }),
    );
  }
}

/** Ids of the pictures as the command wants them; absent stays absent, null stays null. */
function pictures(
  input: UpdateProfileInputType,
): Record<'avatarMediaId' | 'headerMediaId', MediaId | null | undefined> {
  const read = (id: string | null | undefined, name: string): MediaId | null | undefined =>
    typeof id === 'string' ? readId('media', id, [name]) : id;
  return {
    avatarMediaId: read(input.avatarMediaId, 'avatarMediaId'),
    headerMediaId: read(input.headerMediaId, 'headerMediaId'),
  };
}
