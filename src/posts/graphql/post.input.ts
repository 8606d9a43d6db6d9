/** What authors say about a post, the same for every format. */
import { Field, ID, InputType } from 'type-graphql';
import {
  InteractionPolicyEnum,
  QuotePolicyEnum,
  VisibilityEnum,
} from '../../actors/graphql/visibility.type.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../../actors/visibility.js';
import { LanguageTagScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { readId } from '../../platform/ids.js';
import type { AiDisclosure } from '../post.entity.js';
import type { PostDraft } from '../publish-post.js';
import { AiDisclosureEnum } from './post.type.js';

@InputType('PostCommonInput', {
  description: 'What authors say about a post, the same for every format.',
})
export class PostDraftInput {
  @Field(() => MarkdownScalar, {
    defaultValue: '',
    description: 'Caption, at most 5,000 characters; hashtags and mentions are found in it.',
  })
  caption!: string;

  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of the caption; null = not said.',
  })
  language?: string | null;

  @Field(() => VisibilityEnum, {
    nullable: true,
    description: 'Who may see it; cannot be changed later. Null = as set in the settings.',
  })
  visibility?: Visibility | null;

  @Field(() => InteractionPolicyEnum, {
    nullable: true,
    description: 'Who may comment; null = as set in the settings.',
  })
  commentPolicy?: CommentPolicy | null;

  @Field(() => String, {
    nullable: true,
    description: 'Content warning in plain text, at most 500 characters; null = none.',
  })
  contentWarning?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The media are sensitive: clients hide them at first; null = as set in the settings.',
  })
  isSensitive?: boolean | null;

  @Field(() => AiDisclosureEnum, {
    nullable: true,
    defaultValue: 'NONE',
    description: 'Whether AI made or changed it.',
  })
  aiDisclosure?: AiDisclosure | null;

  @Field(() => String, {
    nullable: true,
    description: 'Licence by name or SPDX id, at most 100 characters; null = all rights reserved.',
  })
  license?: string | null;

  @Field(() => ID, { nullable: true, description: 'Place where it was made; null = not said.' })
  placeId?: string | null;

  @Field(() => QuotePolicyEnum, {
    nullable: true,
    description: 'Who may quote it; null = as set in the settings.',
  })
  quotePolicy?: QuotePolicy | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Post that it quotes, as far as its author lets the viewer; null = none.',
  })
  quotedPostId?: string | null;
}

/** Reads the input. */
export function toPostDraft(input: PostDraftInput): PostDraft {
  return {
    caption: input.caption,
    language: input.language ?? null,
    visibility: input.visibility ?? null,
    commentPolicy: input.commentPolicy ?? null,
    contentWarning: input.contentWarning ?? null,
    isSensitive: input.isSensitive ?? null,
    aiDisclosure: input.aiDisclosure ?? 'NONE',
    license: input.license ?? null,
    quotePolicy: input.quotePolicy ?? null,
    quotedPostId:
      input.quotedPostId == null
        ? null
        : readId('post', input.quotedPostId, ['common', 'quotedPostId']),
    placeId: input.placeId == null ? null : readId('place', input.placeId, ['common', 'placeId']),
  };
}
