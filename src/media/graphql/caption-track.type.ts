/** Captions as clients see them. */
import { Field, ObjectType } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Shared } from '../../platform/graphql/directives.js';
import { LanguageTagScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { CAPTION_KINDS, WEBVTT_TYPE, type CaptionKind } from '../caption-track.js';
import { mediaUrl } from '../media-url.js';
import { remoteVideoUrl } from '../remote-video-url.js';
import type { MediaSource } from './media.loader.js';

/** GraphQL enum of the kinds. */
export const CaptionKindEnum = describedEnum(
  'CaptionKind',
  'What a track of texts is for.',
  CAPTION_KINDS,
);

@ObjectType('CaptionTrack', {
  description: 'Texts of a video in one language, as WebVTT.',
  simpleResolvers: true,
})
@Shared()
export class CaptionTrackType {
  @Field(() => UrlScalar, {
    description:
      'Where to fetch them, as of `VideoSource.url`. It changes with the texts, and answers once the video is READY.',
  })
  url!: string;

  @Field(() => CaptionKindEnum, {
    description: 'What they are for; CAPTIONS for those of other servers, which do not say it.',
  })
  kind!: CaptionKind;

  @Field(() => LanguageTagScalar, { description: 'Their language.' })
  language!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Name for people, such as that of the language as its server writes it; null when not said.',
  })
  label!: string | null;

  @Field(() => Boolean, { description: 'A machine wrote them.' })
  isAutomatic!: boolean;
}

/** All tracks of a video: those that stand here, and those of the server that it is from, passed on by this one. */
export function captionsOf(
  context: GraphQLContext,
  media: Pick<MediaSource, 'id' | 'access' | 'linksEnd' | 'captionTracks' | 'video'>,
): CaptionTrackType[] {
  const own = (media.captionTracks ?? []).map(({ renditionName, ...track }) => ({
    ...track,
    url: mediaUrl(context, media, { name: renditionName, mimeType: WEBVTT_TYPE }),
  }));
  const others = (media.video?.captions ?? []).map((track) => ({
    ...track,
    kind: 'CAPTIONS' as const,
    url: remoteVideoUrl(context, media, 'captions', track.url),
  }));
  return [...own, ...others];
}
