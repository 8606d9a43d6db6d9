/** A notification, as its recipient sees it. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { accountOf, viewerLoader } from '../../accounts/graphql/viewer.loader.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { parseGlobalId } from '../../platform/ids.js';
import { chooseLocale, DEFAULT_LOCALE, type Locale } from '../../platform/messages/catalogue.js';
import { commentLoader } from '../../posts/graphql/comment.loader.js';
import { draftLoader } from '../../posts/graphql/draft.type.js';
import { postLoader } from '../../posts/graphql/post.loader.js';
import { starterPackLoader } from '../../starterpacks/graphql/starter-pack.type.js';
import { storyLoader } from '../../stories/graphql/story.type.js';
import type { DraftId } from '../../posts/draft.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { NOTIFICATION_KINDS, type NotificationKind } from '../notification-kinds.js';
import { nameOf, notificationText } from '../notification-text.js';
import { NAMED_ACTORS } from '../notifications.queries.js';
import type { NotificationSource } from './notification.loader.js';

/** GraphQL enum of the kinds. */
export const NotificationKindEnum = describedEnum(
  'NotificationKind',
  'What a notification tells. More kinds will come: show `fallbackTitle` for those that you do not know.',
  NOTIFICATION_KINDS,
);

@ObjectType('Notification', {
  implements: [Node],
  description:
    'Something that the viewer may want to know; what several people do to the same thing is one notification. Only its recipient ever sees it. It vanishes with what it is about, and with the people behind it when the viewer blocks or mutes them.',
})
@RequiresScope('read:notifications')
export class NotificationType {
  @Field(() => NotificationKindEnum, { description: 'What it tells.' })
  kind!: NotificationKind;

  @Field(() => Boolean, {
    description: 'Whether the viewer has read it since somebody joined it last.',
  })
  isRead!: boolean;

  @Field(() => Int, {
    description:
      'How many people are behind it, as far as the viewer may see them; 0 when it comes from the server.',
  })
  actorCount!: number;
}

@Resolver(() => NotificationType)
export class NotificationFields {
  @FieldResolver(() => DateTimeScalar, { description: 'When somebody joined it last.' })
  createdAt(@Root() notification: NotificationSource): Date {
    return notification.happenedAt;
  }

  @FieldResolver(() => [ActorType], {
    description: 'The latest people behind it, at most 5, the latest first.',
  })
  @ListSize({ assumedSize: NAMED_ACTORS })
  async actors(
    @Root() notification: NotificationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource[]> {
    const actors = notification.actorIds.map((id) => load(context, actorLoader, id));
    return (await Promise.all(actors)).filter((actor) => actor !== null);
  }

  @FieldResolver(() => Node, {
    nullable: true,
    description:
      'The post, comment, story, starter pack or draft that it is about, such as PhotoPost, Comment, Story, StarterPack or Draft; more types may come. Null for kinds that are about people or the server, and for a draft that is there no more.',
  })
  subject(
    @Root() notification: NotificationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<NodeSource | null> | null {
    const { kind, postId, postKind, storyId, starterPackId, detail } = notification;
    if (storyId !== null) return load(context, storyLoader, storyId);
    if (starterPackId !== null) return load(context, starterPackLoader, starterPackId);
    if (kind === 'DRAFT_FAILED') return loadDraft(context, detail['draftId']);
    if (postId === null) return null;
    return postKind === 'comment'
      ? load(context, commentLoader, postId as CommentId)
      : load(context, postLoader, postId as PostId);
  }

  @FieldResolver(() => String, {
    description:
      "What it tells in one sentence, as plain text in the language of the viewer's account.",
  })
  async fallbackTitle(
    @Root() notification: NotificationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<string> {
    const locale = await viewerLocale(context);
    const [first] = notification.actorIds;
    const actor = first ? await load(context, actorLoader, first) : null;
    return notificationText(locale, notification, actor ? nameOf(actor) : '');
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description: 'Page of what it is about, or of the person behind it; null when there is none.',
  })
  async fallbackUrl(
    @Root() notification: NotificationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<string | null> {
    if (notification.url !== null) return notification.url;
    const [first] = notification.actorIds;
    return first ? ((await load(context, actorLoader, first))?.url ?? null) : null;
  }
}

/** The draft as it is now, whether it is still one that failed or not. */
function loadDraft(
  context: GraphQLContext,
  globalId: string | undefined,
): Promise<NodeSource | null> | null {
  const parsed = globalId === undefined ? null : parseGlobalId(globalId);
  return parsed && load(context, draftLoader, parsed.id as DraftId);
}

async function viewerLocale(context: GraphQLContext): Promise<Locale> {
  if (!context.viewer) return DEFAULT_LOCALE;
  const viewer = await load(context, viewerLoader, context.viewer.accountId);
  return viewer ? chooseLocale([(await accountOf(context, viewer)).language]) : DEFAULT_LOCALE;
}
