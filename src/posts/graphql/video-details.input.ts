/** What authors say of a video beside what every format says. */
import { Field, InputType } from 'type-graphql';
import { RemixPolicyEnum } from '../../actors/graphql/visibility.type.js';
import type { RemixPolicy } from '../../actors/visibility.js';
import type { VideoWords } from '../video-words.js';

@InputType('RemixPoliciesInput', {
  description:
    'Who may make what of a video. Null = as its author has set for themselves; absent = the same, and where a post is changed, as it is.',
})
export class RemixPoliciesInput {
  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may make duets.' })
  duet?: RemixPolicy | null;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may stitch it.' })
  stitch?: RemixPolicy | null;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may take its sound.' })
  sound?: RemixPolicy | null;
}

@InputType('VideoDetailsInput', {
  description:
    'What authors say of a video beside what every format says. Where a post is changed, absent = as it is.',
})
export class VideoDetailsInput {
  @Field(() => String, {
    nullable: true,
    description: 'Title in plain text, at most 100 characters; null = none.',
  })
  title?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'One of `Instance.videoCategories`; null = none.',
  })
  category?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whoever sees the video may keep a copy: see `VideoPost.downloadUrl`. Null = no.',
  })
  allowsDownload?: boolean | null;

  @Field(() => RemixPoliciesInput, {
    nullable: true,
    description:
      'Who may make duets and stitches of it and take its sound; null = as the author has set for themselves. Videos that were made of it before stay.',
  })
  remixPolicies?: RemixPoliciesInput | null;
}

const AS_SET = { duet: null, stitch: null, sound: null };

/** Reads what is said of a new video; null = nothing. */
export function toVideoWords(input: VideoDetailsInput | null | undefined): VideoWords | null {
  if (!input) return null;
  const { title, category, allowsDownload, remixPolicies } = input;
  return {
    title: title ?? null,
    category: category ?? null,
    allowsDownload: allowsDownload ?? false,
    ...(remixPolicies && { remixPolicies: { ...remixPolicies } }),
  };
}

/** Reads what changes about a video: absent stays absent. */
export function toVideoChange(
  input: VideoDetailsInput | null | undefined,
): Partial<VideoWords> | undefined {
  if (!input) return undefined;
  const { title, category, allowsDownload, remixPolicies } = input;
  return {
    title,
    category,
    allowsDownload: allowsDownload === null ? false : allowsDownload,
    remixPolicies: remixPolicies === null ? AS_SET : remixPolicies,
  };
}
