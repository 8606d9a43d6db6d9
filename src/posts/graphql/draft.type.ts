/** Drafts as their author sees them. */
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import {
  InteractionPolicyEnum,
  QuotePolicyEnum,
  VisibilityEnum,
} from '../../actors/graphql/visibility.type.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../../actors/visibility.js';
import { mediaLoader, type MediaSource } from '../../media/graphql/media.loader.js';
import { MediaInterface } from '../../media/graphql/media.type.js';
import { placeLoader, PlaceType, type PlaceSource } from '../../places/graphql/place.type.js';
import type { ErrorCode } from '../../platform/errors.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import {
  DateTimeScalar,
  LanguageTagScalar,
  MarkdownScalar,
} from '../../platform/graphql/scalars.js';
import { ErrorCodeEnum } from '../../platform/graphql/user-error.js';
import type { DraftId } from '../draft.js';
import { findDrafts, type DraftRow } from '../draft.queries.js';
import type { TagPlacement } from '../photo-tag.js';
import type { AiDisclosure } from '../post.entity.js';
import { postLoader, type PostSource } from './post.loader.js';
import { kindName } from './published-kind.js';
import { AiDisclosureEnum, PostKindEnum, PostType, type PostKindName } from './post.type.js';
import { RemixPolicyChoiceType } from './remix-policy-choice.type.js';

@ObjectType('DraftFailure', {
  description: 'Why a scheduled draft could not be published when its time came.',
  simpleResolvers: true,
})
export class DraftFailure {
  @Field(() => ErrorCodeEnum, { description: 'Code, the same as publishing it by hand answers.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'What was wrong, for people.' })
  message!: string;

  @Field(() => DateTimeScalar, { description: 'When it was tried.' })
  failedAt!: Date;
}

/** A draft as resolvers see it. */
export interface DraftSource extends NodeSource, Omit<DraftRow, 'post' | 'kind'> {
  readonly id: DraftId;
  readonly kind: PostKindName;
  readonly post: DraftRow['post'];
}

@ObjectType('Draft', {
  implements: Node,
  description: 'A post that is not published yet, perhaps scheduled. Only its author ever sees it.',
})
export class DraftType {
  @Field(() => PostKindEnum, { description: 'Format of the post that becomes of it.' })
  kind!: PostKindName;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it will be published; null when it is not scheduled.',
  })
  scheduledFor!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was first saved.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType('DraftTag', {
  description: 'A person to be tagged when the draft is published; nobody has been asked yet.',
})
export class DraftTag {
  @Field(() => Float, { description: 'From 0 (left) to 1 (right).' })
  x!: number;

  @Field(() => Float, { description: 'From 0 (top) to 1 (bottom).' })
  y!: number;
}

@Resolver(() => DraftTag)
export class DraftTagFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who is on the picture; null when they are not there any more.',
  })
  actor(@Root() tag: TagPlacement, @Ctx() context: GraphQLContext): Promise<ActorSource | null> {
    return load(context, actorLoader, tag.actorId);
  }

  @FieldResolver(() => MediaInterface, {
    nullable: true,
    description: 'The picture; null when it was lost.',
  })
  media(@Root() tag: TagPlacement, @Ctx() context: GraphQLContext): Promise<MediaSource | null> {
    return load(context, mediaLoader, tag.mediaId);
  }
}

@ObjectType('DraftEdge', {
  description: 'A draft and its place in a list.',
  simpleResolvers: true,
})
export class DraftEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => DraftType, { description: 'The draft.' })
  node!: DraftSource;
}

@ObjectType('DraftConnection', {
  description: 'A page of drafts; only their author ever gets one.',
  simpleResolvers: true,
})
export class DraftConnection {
  @Field(() => [DraftEdge], { description: 'Drafts with their places.' })
  edges!: DraftEdge[];

  @Field(() => [DraftType], { description: 'The drafts alone.' })
  nodes!: DraftSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toDraftSource(row: DraftRow): DraftSource {
  return { ...row, nodeType: 'Draft', kind: kindName(row.kind) };
}

/** Loads the viewer's own drafts; any other id is not there. */
export const draftLoader = defineLoader<DraftId, DraftSource>(async (context, ids) => {
  if (!context.viewer) return new Map();
  const rows = await findDrafts(context.database, ids, context.viewer.actorId);
  return new Map(rows.map((row) => [row.id, toDraftSource(row)]));
});

/** `draft_…` ids. */
export const draftNode = defineNode('draft', ['Draft'], draftLoader);

@Resolver(() => DraftType)
export class DraftFields {
  @FieldResolver(() => MarkdownScalar, {
    description: 'Caption as typed; empty when there is none.',
  })
  caption(@Root() { post }: DraftSource): string {
    return post.caption;
  }

  @FieldResolver(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of the caption; null when not said.',
  })
  language(@Root() { post }: DraftSource): string | null {
    return post.language;
  }

  @FieldResolver(() => VisibilityEnum, {
    nullable: true,
    description: 'Who will see it; null = as set in the settings when it is published.',
  })
  visibility(@Root() { post }: DraftSource): Visibility | null {
    return post.visibility;
  }

  @FieldResolver(() => InteractionPolicyEnum, {
    nullable: true,
    description: 'Who may comment; null = as set in the settings when it is published.',
  })
  commentPolicy(@Root() { post }: DraftSource): CommentPolicy | null {
    return post.commentPolicy;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Content warning; null = none.' })
  contentWarning(@Root() { post }: DraftSource): string | null {
    return post.contentWarning;
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether the media are sensitive; null = as set in the settings.',
  })
  isSensitive(@Root() { post }: DraftSource): boolean | null {
    return post.isSensitive;
  }

  @FieldResolver(() => AiDisclosureEnum, { description: 'What it will say about AI.' })
  aiDisclosure(@Root() { post }: DraftSource): AiDisclosure {
    return post.aiDisclosure;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Licence; null = all rights reserved.',
  })
  license(@Root() { post }: DraftSource): string | null {
    return post.license;
  }

  @FieldResolver(() => PlaceType, {
    nullable: true,
    description: 'Where it was made; null when not said.',
  })
  place(
    @Root() { post }: DraftSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PlaceSource | null> | null {
    return post.placeId && load(context, placeLoader, post.placeId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Title of a video; null = none, or no video.',
  })
  title(@Root() { post }: DraftSource): string | null {
    return post.video?.title ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Category of a video; null = none, or no video.',
  })
  category(@Root() { post }: DraftSource): string | null {
    return post.video?.category ?? null;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whoever will see the video may keep a copy; false for other formats.',
  })
  allowsDownload(@Root() { post }: DraftSource): boolean {
    return post.video?.allowsDownload ?? false;
  }

  @FieldResolver(() => RemixPolicyChoiceType, {
    nullable: true,
    description: 'Who may make what of the video; null = not said, or no video.',
  })
  remixPolicies(@Root() { post }: DraftSource): RemixPolicyChoiceType | null {
    return post.video?.remixPolicies ?? null;
  }

  @FieldResolver(() => QuotePolicyEnum, {
    nullable: true,
    description: 'Who may quote it; null = as set in the settings when it is published.',
  })
  quotePolicy(@Root() { post }: DraftSource): QuotePolicy | null {
    return post.quotePolicy ?? null;
  }

  @FieldResolver(() => PostType, {
    nullable: true,
    description: 'The post that it will quote; null when none, or when the author does not see it.',
  })
  quotedPost(
    @Root() { post }: DraftSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> | null {
    return post.quotedPostId ? load(context, postLoader, post.quotedPostId) : null;
  }

  @FieldResolver(() => [MediaInterface], {
    description: 'Pictures in their order, or the video, also those still being processed.',
  })
  @ListSize({ assumedSize: 4 })
  async media(@Root() draft: DraftSource, @Ctx() context: GraphQLContext): Promise<MediaSource[]> {
    const media = await Promise.all(draft.mediaIds.map((id) => load(context, mediaLoader, id)));
    return media.filter((one) => one !== null);
  }

  @FieldResolver(() => [DraftTag], { description: 'People on the pictures.' })
  @ListSize({ assumedSize: 5 })
  tags(@Root() draft: DraftSource): readonly TagPlacement[] {
    return draft.tags;
  }

  @FieldResolver(() => DraftFailure, {
    nullable: true,
    description:
      'Why it was not published at its time; null when nothing failed. Saving the draft clears it.',
  })
  failure(@Root() draft: DraftSource): DraftFailure | null {
    const { failureCode: code, failureMessage, failedAt } = draft;
    return code && failedAt && { code, message: failureMessage ?? '', failedAt };
  }
}
