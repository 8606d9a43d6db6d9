/** What authors say of a video beside what every format says. */
import { Field, InputType } from 'type-graphql';
import type { VideoWords } from '../video-words.js';

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
  allowDownload?: boolean | null;
}

/** Reads what is said of a new video; null = nothing. */
export function toVideoWords(input: VideoDetailsInput | null | undefined): VideoWords | null {
  if (!input) return null;
  const { title, category, allowDownload } = input;
  return {
    title: title ?? null,
    category: category ?? null,
    allowsDownload: allowDownload ?? false,
  };
}

/** Reads what changes about a video: absent stays absent. */
export function toVideoChange(
  input: VideoDetailsInput | null | undefined,
): Partial<VideoWords> | undefined {
  if (!input) return undefined;
  const { title, category, allowDownload } = input;
  return { title, category, allowsDownload: allowDownload === null ? false : allowDownload };
}
