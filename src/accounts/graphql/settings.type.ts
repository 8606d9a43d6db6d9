/** Private preferences. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import {
  InteractionPolicyEnum,
  QuotePolicyEnum,
  RemixPolicyEnum,
  VisibilityEnum,
} from '../../actors/graphql/visibility.type.js';
import type {
  CommentPolicy,
  QuotePolicy,
  RemixPolicy,
  Visibility,
} from '../../actors/visibility.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { LanguageTagScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import {
  accountSettings,
  AUTOPLAYS,
  SENSITIVE_DISPLAYS,
  TAG_POLICIES,
  type Autoplay,
  type SensitiveDisplay,
  type Settings,
  type TagPolicy,
} from '../settings.js';
import { updateSettings } from '../update-settings.js';
import { ownViewer } from './own-viewer.js';
import { accountOf, type ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

const SensitiveDisplayEnum = describedEnum(
  'SensitiveDisplay',
  'How media behind a content warning is shown.',
  SENSITIVE_DISPLAYS,
);
const AutoplayEnum = describedEnum(
  'Autoplay',
  'When moving pictures start by themselves.',
  AUTOPLAYS,
);

const TagPolicyEnum = describedEnum('TagPolicy', 'Who may tag a person in pictures.', TAG_POLICIES);

@ObjectType('Settings', {
  description: 'Private preferences, and the defaults for new posts. Only their owner sees them.',
})
export class SettingsType {
  @Field(() => LanguageTagScalar, { description: 'Language of messages and mails.' })
  language!: string;

  @Field(() => String, { description: 'Time zone by its IANA name.' })
  timezone!: string;

  @Field(() => [LanguageTagScalar], {
    description: 'Languages that the person reads; empty = all.',
  })
  @ListSize({ assumedSize: 20 })
  contentLanguages!: string[];

  @Field(() => VisibilityEnum, {
    description: 'Visibility of a new post unless another one is chosen.',
  })
  defaultVisibility!: Visibility;

  @Field(() => InteractionPolicyEnum, {
    description: 'Who may comment on a new post unless something else is chosen.',
  })
  defaultCommentPolicy!: CommentPolicy;

  @Field(() => QuotePolicyEnum, {
    description: 'Who may quote a new post unless something else is chosen.',
  })
  defaultQuotePolicy!: QuotePolicy;

  @Field(() => RemixPolicyEnum, {
    description:
      'Who may put a video of theirs beside one of the person, unless it says otherwise.',
  })
  defaultDuetPolicy!: RemixPolicy;

  @Field(() => RemixPolicyEnum, {
    description:
      'Who may begin a video of theirs with one of the person, unless it says otherwise.',
  })
  defaultStitchPolicy!: RemixPolicy;

  @Field(() => RemixPolicyEnum, {
    description: 'Who may take the sound of a video of the person, unless it says otherwise.',
  })
  defaultSoundPolicy!: RemixPolicy;

  @Field(() => Boolean, {
    description: 'Whether new posts count as sensitive unless something else is chosen.',
  })
  defaultSensitive!: boolean;

  @Field(() => Boolean, {
    description: 'Whether media without a description may not be published.',
  })
  requireAltText!: boolean;

  @Field(() => SensitiveDisplayEnum, {
    description: 'How clients show media behind a content warning.',
  })
  showSensitive!: SensitiveDisplay;

  @Field(() => AutoplayEnum, { description: 'When clients start moving pictures.' })
  autoplay!: Autoplay;

  @Field(() => Boolean, { description: 'Whether clients leave animations out.' })
  reduceMotion!: boolean;

  @Field(() => Boolean, {
    description: 'Whether others see neither whom the person follows nor who follows them.',
  })
  hideFollowLists!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether counters of likes, comments and reposts of the person’s posts are hidden from others.',
  })
  hideCounts!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the person sees no counters of likes, comments and reposts of the posts of others.',
  })
  hideOthersCounts!: boolean;

  @Field(() => TagPolicyEnum, { description: 'Who may tag the person in pictures.' })
  allowTagsFrom!: TagPolicy;

  @Field(() => Boolean, {
    description: 'Whether a tag waits until the person agrees; otherwise it shows at once.',
  })
  reviewTags!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether it is kept which posts the person has watched and how far. Otherwise recordPlayback keeps nothing: neither where to go on, nor a view for the author.',
  })
  keepPlaybackHistory!: boolean;
}

@InputType('UpdateSettingsInput', {
  description: 'Absent = unchanged, null = back to the default.',
})
export class UpdateSettingsInput {
  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of messages and mails.',
  })
  language?: string | null;

  @Field(() => String, { nullable: true, description: 'Time zone by its IANA name.' })
  timezone?: string | null;

  @Field(() => [LanguageTagScalar], {
    nullable: true,
    description: 'Languages that the person reads, at most 20.',
  })
  contentLanguages?: string[] | null;

  @Field(() => VisibilityEnum, { nullable: true, description: 'Visibility of new posts.' })
  defaultVisibility?: Visibility | null;

  @Field(() => InteractionPolicyEnum, {
    nullable: true,
    description: 'Who may comment on new posts.',
  })
  defaultCommentPolicy?: CommentPolicy | null;

  @Field(() => QuotePolicyEnum, { nullable: true, description: 'Who may quote new posts.' })
  defaultQuotePolicy?: QuotePolicy | null;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may make duets of videos.' })
  defaultDuetPolicy?: RemixPolicy | null;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may stitch videos.' })
  defaultStitchPolicy?: RemixPolicy | null;

  @Field(() => RemixPolicyEnum, {
    nullable: true,
    description: 'Who may take the sound of videos.',
  })
  defaultSoundPolicy?: RemixPolicy | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether new posts count as sensitive.' })
  defaultSensitive?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether media without a description may not be published.',
  })
  requireAltText?: boolean | null;

  @Field(() => SensitiveDisplayEnum, {
    nullable: true,
    description: 'How clients show media behind a content warning.',
  })
  showSensitive?: SensitiveDisplay | null;

  @Field(() => AutoplayEnum, { nullable: true, description: 'When clients start moving pictures.' })
  autoplay?: Autoplay | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether clients leave animations out.' })
  reduceMotion?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether follow lists are hidden from others.',
  })
  hideFollowLists?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether counters are hidden from others.' })
  hideCounts?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether counters of the posts of others are hidden from you.',
  })
  hideOthersCounts?: boolean | null;

  @Field(() => TagPolicyEnum, { nullable: true, description: 'Who may tag you in pictures.' })
  allowTagsFrom?: TagPolicy | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether tags wait until you agree.' })
  reviewTags?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether it is kept what you watch; what is kept already goes by clearPlaybackHistory.',
  })
  keepPlaybackHistory?: boolean | null;
}

@ObjectType('UpdateSettingsPayload', { description: 'Result of updateSettings.' })
export class UpdateSettingsPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description: 'The account with its new settings; null when nothing was done.',
  })
  viewer!: ViewerType | null;
}

@Resolver(() => ViewerType)
export class SettingsFields {
  @FieldResolver(() => SettingsType, { description: 'Preferences.' })
  @RequiresScope('read:account')
  async settings(@Root() viewer: ViewerSource, @Ctx() context: GraphQLContext): Promise<Settings> {
    return accountSettings(await accountOf(context, viewer));
  }

  @Mutation(() => UpdateSettingsPayload, {
    description: 'Change preferences. Codes: INVALID_INPUT.',
  })
  @RequiresScope('write:account')
  updateSettings(
    @Arg('input', () => UpdateSettingsInput, { description: 'What to change.' })
    input: UpdateSettingsInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null }>> {
    return answer(
      context,
      () => updateSettings(context, { ...input }),
      async () => ({ viewer: await ownViewer(context) }),
    );
  }
}
