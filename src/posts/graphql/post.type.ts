/** The interface that all formats of posts share. Its fields are resolved in `post.fields.ts`. */
import { Field, Int, InterfaceType, ObjectType } from 'type-graphql';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { QuotePolicyEnum, VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { QuotePolicy, Visibility } from '../../actors/visibility.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { Node, type NodeSource } from '../../platform/graphql/node.js';
import {
  DateTimeScalar,
  HtmlScalar,
  LanguageTagScalar,
  MarkdownScalar,
} from '../../platform/graphql/scalars.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { AI_DISCLOSURES, type AiDisclosure } from '../post.entity.js';
import { Commentable } from './comment.connection.js';
import { Reactable } from './reactable.type.js';

/** GraphQL enum of the AI disclosures. */
export const AiDisclosureEnum = describedEnum(
  'AiDisclosure',
  'Disclosure of AI use by the author.',
  AI_DISCLOSURES,
);

/** Formats of a post. */
export const POST_KINDS = {
  PHOTO: 'One to twenty pictures.',
  VIDEO: 'A short video.',
  TEXT: 'A text from another server; nobody writes one here.',
} as const;

/** GraphQL enum of the formats. */
export const PostKindEnum = describedEnum('PostKind', 'Format of a post.', POST_KINDS);

/** One of the formats, as the API names it. */
export type PostKindName = keyof typeof POST_KINDS;

@ObjectType('PostCounts', {
  description:
    'Counters of a post, without people behind a block with the viewer; those whom the staff has suspended since still count.',
  simpleResolvers: true,
})
export class PostCountsType {
  @Field(() => Int, {
    nullable: true,
    description:
      'Reactions with ❤; null where the author hides numbers from others, or the viewer wants to see none of others.',
  })
  likes!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Reactions with any emoji, likes included; null where hidden.',
  })
  reactions!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Comments for whoever sees the post, answers to comments included; those for fewer people are in the lists alone. Null where hidden.',
  })
  comments!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Posts that quote it and that the viewer may see, counted up to 10,000; null where hidden.',
  })
  quotes?: number | null;

  @Field(() => Int, { nullable: true, description: 'People who reposted it; null where hidden.' })
  reposts!: number | null;
}

@ObjectType('PostViewerState', {
  description: 'What the viewer did with a post.',
  simpleResolvers: true,
})
export class PostViewerStateType {
  @Field(() => Boolean, { description: 'The viewer’s reaction is ❤.' })
  isLiked!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Emoji that the viewer reacted with; null when they did not.',
  })
  reaction!: string | null;

  @Field(() => Boolean, { description: 'The viewer reposted it.' })
  isReposted!: boolean;

  @Field(() => Boolean, { description: 'The viewer bookmarked it.' })
  isBookmarked!: boolean;
}

@ObjectType('PostPermissions', {
  description: 'What the viewer may do with a post, so that clients do not guess.',
  simpleResolvers: true,
})
export class PostPermissionsType {
  @Field(() => Boolean, { description: 'Comment on it.' })
  canComment!: boolean;

  @Field(() => Boolean, { description: 'React to it.' })
  canReact!: boolean;

  @Field(() => Boolean, { description: 'Repost it: public and unlisted posts only.' })
  canRepost!: boolean;

  @Field(() => Boolean, { description: 'Quote it in a post.' })
  canQuote!: boolean;

  @Field(() => Boolean, { description: 'Edit it.' })
  canEdit!: boolean;

  @Field(() => Boolean, { description: 'Delete it.' })
  canDelete!: boolean;
}

@InterfaceType('Post', {
  implements: [Node, Federated, Reactable, Commentable],
  description:
    'A published item; its formats are PhotoPost, VideoPost and TextPost. Whoever may not see a post cannot tell it from one that is not there.',
  resolveType: (source: NodeSource) => source.nodeType,
})
export abstract class PostType {
  @Field(() => ActorType, { description: 'Who published it.' })
  @Shared()
  author!: ActorSource;

  @Field(() => HtmlScalar, { description: 'Caption, safe to render; empty when there is none.' })
  @Shared()
  caption!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What the author typed; null for everybody else.',
  })
  captionSource!: string | null;

  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of the caption; null when not said.',
  })
  @Shared()
  language!: string | null;

  @Field(() => VisibilityEnum, { description: 'Who may see it; never changes.' })
  @Shared()
  visibility!: Visibility;

  @Field(() => QuotePolicyEnum, { description: 'Who may quote it.' })
  @Shared()
  quotePolicy!: QuotePolicy;

  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  @Shared()
  publishedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When title, caption, warning or media last changed; null = never.',
  })
  @Shared()
  editedAt!: Date | null;

  @Field(() => Boolean, { description: 'Its author pinned it to the profile.' })
  @Shared()
  isPinned!: boolean;

  @Field(() => Boolean, {
    description: 'Its author put it away and alone still sees it: false for everybody else.',
  })
  @Shared()
  isArchived!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Content warning; when set, clients hide caption and media behind it.',
  })
  @Shared()
  contentWarning!: string | null;

  @Field(() => Boolean, { description: 'The author marked the media as sensitive.' })
  @Shared()
  isSensitive!: boolean;

  @Field(() => AiDisclosureEnum, { description: 'What the author says about AI in it.' })
  @Shared()
  aiDisclosure!: AiDisclosure;

  @Field(() => String, {
    nullable: true,
    description: 'Licence as the author named it; null = all rights reserved.',
  })
  @Shared()
  license!: string | null;
}
