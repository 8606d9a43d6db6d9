/** A comment or an answer to one. Fields that need more than its row are in `comment.fields.ts`. */
import { Field, ObjectType } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { Node } from '../../platform/graphql/node.js';
import {
  DateTimeScalar,
  HtmlScalar,
  LanguageTagScalar,
  MarkdownScalar,
} from '../../platform/graphql/scalars.js';
import { COMMENT_VISIBILITIES, type CommentVisibility } from '../comment-visibility.js';
import { Reactable } from './reactable.type.js';

/** Whom a comment is for. */
export const CommentVisibilityEnum = describedEnum(
  'CommentVisibility',
  'Who may see a comment, of those who see the post and every comment above it.',
  COMMENT_VISIBILITIES,
);

@ObjectType('Comment', {
  implements: [Node, Federated, Reactable],
  description:
    'A comment on a post, or an answer to a comment. Seen by those of whoever sees the post whom it is for (`visibility`), unless a block stands between them and its author, or it is hidden; what answers a comment is seen only by those who see that one too.',
  simpleResolvers: true,
})
export class CommentType {
  @Field(() => ActorType, { description: 'Who wrote it.' })
  @Shared()
  author!: ActorSource;

  @Field(() => HtmlScalar, { description: 'Text, safe to render.' })
  @Shared()
  content!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What the author typed; null for everybody else.',
  })
  contentSource!: string | null;

  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of the text; null when not said.',
  })
  @Shared()
  language!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Content warning; when set, clients hide text and media behind it.',
  })
  @Shared()
  contentWarning!: string | null;

  @Field(() => Boolean, {
    description: 'Its author, or the staff, marked its pictures as sensitive.',
  })
  @Shared()
  isSensitive!: boolean;

  @Field(() => CommentVisibilityEnum, {
    description: 'Whom it is for; of somebody elsewhere as their server addressed it.',
  })
  @Shared()
  visibility!: CommentVisibility;

  @Field(() => DateTimeScalar, { description: 'When it was published.' })
  @Shared()
  publishedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last changed; null = never.',
  })
  @Shared()
  editedAt!: Date | null;

  @Field(() => Boolean, { description: 'Its author is the author of the post.' })
  @Shared()
  isByPostAuthor!: boolean;

  @Field(() => Boolean, { description: 'The viewer reacted with ❤.' })
  viewerIsLiking!: boolean;

  @Field(() => Boolean, { description: 'The viewer wrote it and may change it.' })
  viewerCanEdit!: boolean;

  @Field(() => Boolean, {
    description: 'The viewer wrote it, or the post it stands under, and may delete it.',
  })
  viewerCanDelete!: boolean;

  @Field(() => Boolean, { description: 'The author of the post pinned it above the others.' })
  @Shared()
  isPinned!: boolean;

  @Field(() => Boolean, {
    description:
      'The author of the post hid it, or a comment that it answers: only who wrote it and the author of the post see it.',
  })
  @Shared()
  isHidden!: boolean;

  @Field(() => Boolean, { description: 'The viewer wrote the post and may hide or show it.' })
  viewerCanHide!: boolean;

  @Field(() => Boolean, {
    description: 'The viewer wrote the post and may pin it: on the first level, and not hidden.',
  })
  viewerCanPin!: boolean;
}
