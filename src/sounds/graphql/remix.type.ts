/** Words of remixes as the API shows them. */
import { Field, Int, InputType, ID, ObjectType } from 'type-graphql';
import { RemixPolicyEnum } from '../../actors/graphql/visibility.type.js';
import type { RemixPolicy } from '../../actors/visibility.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { OneOf } from '../../platform/graphql/directives.js';
import { REMIX_KINDS } from '../../posts/remix-policies.js';
import { DUET_LAYOUTS, type DuetLayout } from '../remix.js';

/** GraphQL enum of the kinds. */
export const RemixKindEnum = describedEnum(
  'RemixKind',
  'What a video takes from another one.',
  REMIX_KINDS,
);

/** GraphQL enum of the layouts. */
export const DuetLayoutEnum = describedEnum(
  'DuetLayout',
  'How the two videos of a duet stand.',
  DUET_LAYOUTS,
);

@ObjectType('RemixPolicies', {
  description: 'Who may make what of a video.',
  simpleResolvers: true,
})
export class RemixPoliciesType {
  @Field(() => RemixPolicyEnum, { description: 'Who may put a video of theirs beside it.' })
  duet!: RemixPolicy;

  @Field(() => RemixPolicyEnum, { description: 'Who may begin a video of theirs with it.' })
  stitch!: RemixPolicy;

  @Field(() => RemixPolicyEnum, { description: 'Who may take its sound.' })
  sound!: RemixPolicy;
}

@InputType('DuetInput', { description: 'A clip beside a video. It ends with the clip.' })
export class DuetInput {
  @Field(() => ID, { description: 'A video of this server that everybody may see.' })
  postId!: string;

  @Field(() => DuetLayoutEnum, { nullable: true, description: 'Null = SIDE_BY_SIDE.' })
  layout?: DuetLayout | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How loud the video is, percent, 0 to 100; null = 50.',
  })
  originalVolume?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How loud the clip is, percent, 0 to 100; null = 100.',
  })
  clipVolume?: number | null;
}

@InputType('StitchInput', { description: 'A clip after the beginning of a video.' })
export class StitchInput {
  @Field(() => ID, { description: 'A video of this server that everybody may see.' })
  postId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds of the video, 1 to 5; null = 5.',
  })
  seconds?: number | null;
}

@InputType('SoundUseInput', {
  description:
    'A clip with a sound, from its beginning. A sound that is over is followed by silence.',
})
export class SoundUseInput {
  @Field(() => ID, { description: 'A sound whose first video everybody may see.' })
  soundId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How loud the sound is, percent, 0 to 100; null = 100.',
  })
  originalVolume?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How loud what is heard in the clip stays, percent, 0 to 100; null = 0: the sound takes its place.',
  })
  clipVolume?: number | null;
}

@OneOf()
@InputType('RemixChoiceInput', { description: 'What is made of the clip.' })
export class RemixChoiceInput {
  @Field(() => DuetInput, { nullable: true, description: 'A duet.' })
  duet?: DuetInput | null;

  @Field(() => StitchInput, { nullable: true, description: 'A stitch.' })
  stitch?: StitchInput | null;

  @Field(() => SoundUseInput, { nullable: true, description: 'The clip with another sound.' })
  sound?: SoundUseInput | null;
}

@InputType('RemixVideoInput', { description: 'A clip, and what is made of it.' })
export class RemixVideoInput {
  @Field(() => ID, {
    description:
      'An own video that is READY and in no post. It stays as it is, and unused expires.',
  })
  clipId!: string;

  @Field(() => RemixChoiceInput, { description: 'A duet, a stitch, or another sound.' })
  remix!: RemixChoiceInput;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}
