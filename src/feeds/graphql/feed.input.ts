/** Inputs and answers of the mutations about feeds. */
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../../platform/graphql/user-error.js';
import type { Signal } from '../../ranking/signal.js';
import { LONGEST_DAY_MINUTES } from '../daily-limit.js';
import { MOST_HIDDEN_AUTHORS, MOST_MUTED_HASHTAGS } from '../feed.js';
import type { FeedControl } from '../feed-control.js';
import { RESETS_AT_ONCE } from '../reset-interests.js';
import type { FeedPreferencesChange } from '../update-feed-preferences.js';
import { FeedControlEnum } from './explanation.type.js';
import { RankingSignalEnum } from './feed-algorithm.type.js';
import { FeedPreferencesType, type FeedPreferencesSource } from './feed-preferences.type.js';

@InputType('SignalWeightInput', { description: 'A weight for a signal of `for-you`.' })
export class SignalWeightInput {
  @Field(() => RankingSignalEnum, { description: 'A signal whose weight can be chosen.' })
  signal!: Signal;

  @Field(() => Float, {
    description: 'Within the bounds of the algorithm; three decimals count.',
  })
  weight!: number;
}

@InputType('UpdateFeedPreferencesInput', {
  description: 'What to change; absent = as it is.',
})
export class UpdateFeedPreferencesInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Slug of one of `instance.feedAlgorithms` for where none is named; null = `chronological`.',
  })
  defaultAlgorithm?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether `for-you` may make use of what the viewer did. Turning it off forgets everything; null = as it is.',
  })
  profilingEnabled?: boolean | null;

  @Field(() => [SignalWeightInput], {
    nullable: true,
    description:
      'All chosen weights of `for-you`, of a signal named twice the last; other signals get the weight of the algorithm. Null = none chosen.',
  })
  weights?: SignalWeightInput[] | null;

  @Field(() => [String], {
    nullable: true,
    description: `All hashtags to leave out of \`for-you\`, at most ${MOST_MUTED_HASHTAGS}, in any spelling; null = none.`,
  })
  mutedHashtags?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Leave out of `for-you` what was made with AI, as its authors say; null = as it is.',
  })
  excludeAi?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: `How long to watch in a day, 1–${LONGEST_DAY_MINUTES} minutes; \`FeedPage.dailyLimit\` then tells how long it was. Null = no limit.`,
  })
  dailyLimitMinutes?: number | null;
}

/** What the command gets. */
export function toPreferencesChange(input: UpdateFeedPreferencesInput): FeedPreferencesChange {
  const { defaultAlgorithm, profilingEnabled, weights, mutedHashtags, excludeAi } = input;
  const { dailyLimitMinutes } = input;
  return {
    ...(defaultAlgorithm !== undefined && { defaultAlgorithm }),
    ...(profilingEnabled != null && { profilingEnabled }),
    ...(weights !== undefined && { weights: weights ?? [] }),
    ...(mutedHashtags !== undefined && { mutedHashtags: mutedHashtags ?? [] }),
    ...(excludeAi != null && { excludeAi }),
    ...(dailyLimitMinutes !== undefined && { dailyLimitMinutes }),
  };
}

const preferences = 'The choices as they are now; null when refused.';

@ObjectType('UpdateFeedPreferencesPayload', { description: 'Answer of updateFeedPreferences.' })
export class UpdateFeedPreferencesPayload extends Payload {
  @Field(() => FeedPreferencesType, { nullable: true, description: preferences })
  preferences!: FeedPreferencesSource | null;
}

@InputType('GiveFeedFeedbackInput', { description: 'What to show less of.' })
export class GiveFeedFeedbackInput {
  @Field(() => ID, {
    description: 'Id of a post for LESS_LIKE_THIS, of an actor for HIDE_AUTHOR.',
  })
  subjectId!: string;

  @Field(() => FeedControlEnum, {
    description: `LESS_LIKE_THIS, or HIDE_AUTHOR for at most ${MOST_HIDDEN_AUTHORS} authors; the others are choices of updateFeedPreferences.`,
  })
  control!: FeedControl;

  @Field(() => Boolean, { defaultValue: false, description: 'True takes it back.' })
  undo!: boolean;
}

@ObjectType('GiveFeedFeedbackPayload', { description: 'Answer of giveFeedFeedback.' })
export class GiveFeedFeedbackPayload extends Payload {
  @Field(() => FeedPreferencesType, { nullable: true, description: preferences })
  preferences!: FeedPreferencesSource | null;
}

@InputType('ResetInterestsInput', { description: 'What to forget.' })
export class ResetInterestsInput {
  @Field(() => [ID], {
    nullable: true,
    description: `Ids of actors and hashtags, at most ${RESETS_AT_ONCE}; what is not there is passed over.`,
  })
  subjectIds?: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'True forgets everything.' })
  all!: boolean;
}

@ObjectType('ResetInterestsPayload', { description: 'Answer of resetInterests.' })
export class ResetInterestsPayload extends Payload {
  @Field(() => FeedPreferencesType, { nullable: true, description: preferences })
  preferences!: FeedPreferencesSource | null;
}
