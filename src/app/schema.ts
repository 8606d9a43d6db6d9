/** The list of resolver classes, and the schema that they make. */
import 'reflect-metadata';
import { DirectoryQuery } from '../search/graphql/directory.query.js';
import { SuggestionMutations, ViewerSuggestionFields } from '../search/graphql/suggestion.type.js';
import { AdminTrendFields, TrendMutations, TrendsQuery } from '../search/graphql/trend.type.js';
import {
  StarterPackFields,
  StarterPackHashtagFields,
} from '../starterpacks/graphql/starter-pack.fields.js';
import {
  ActorStarterPackFields,
  StarterPacksQuery,
  ViewerStarterPackFields,
} from '../starterpacks/graphql/starter-pack-lists.fields.js';
import { ActorChatFields, ChatDeviceFields } from '../devices/graphql/chat-device.fields.js';
import { IdentityMismatchError } from '../devices/graphql/device.input.js';
import { DeviceMutations } from '../devices/graphql/device.mutations.js';
import { KeyBackupFields } from '../devices/graphql/key-backup.type.js';
import { KeyBackupMutations } from '../devices/graphql/key-backup.mutations.js';
import { ActorKeyLogFields, KeyLogQuery } from '../devices/graphql/key-log.query.js';
import { KeyPackageFields } from '../devices/graphql/key-package.type.js';
import { AttachmentMutations } from '../chat/graphql/attachment.mutations.js';
import { ChatHomeAttachmentFields } from '../chat/graphql/attachment.fields.js';
import { ChatHomeBackupFields } from '../chat/graphql/key-backup.fields.js';
import { InstanceChatLimitsFields } from '../chat/graphql/instance-chat-limits.fields.js';
import { ChatHomeFields, ViewerChatFields } from '../chat/graphql/chat-home.fields.js';
import { ChatMessageFields } from '../chat/graphql/chat-message.type.js';
import { DraftConversationFields } from '../chat/graphql/draft-conversation.fields.js';
import { EncryptedConversationFields } from '../chat/graphql/encrypted-conversation.fields.js';
import { EncryptedChatMutations } from '../chat/graphql/encrypted.mutations.js';
import { ChatPushMutations } from '../chat/graphql/chat-push.mutations.js';
import { GroupMutations } from '../chat/graphql/group.mutations.js';
import { MemberKeysFields } from '../chat/graphql/member-keys.fields.js';
import { MailboxFields } from '../chat/graphql/mailbox.fields.js';
import {
  ConversationExistsErrorFields,
  ConversationExistsErrorType,
  EpochErrorType,
  HubUnreachableErrorType,
  StaleEpochErrorFields,
  StaleEpochErrorType,
  WelcomeErrorType,
} from '../chat/graphql/mls-errors.type.js';
import { ChatMutations } from '../chat/graphql/chat.mutations.js';
import { ChatSubscriptions } from '../chat/graphql/chat.subscriptions.js';
import {
  ConversationFields,
  ConversationMemberFields,
} from '../chat/graphql/conversation.fields.js';
import { StarterPackMutations } from '../starterpacks/graphql/starter-pack.mutations.js';
import { SearchQuery } from '../search/graphql/search.query.js';
import {
  EditorialPickFields,
  EditorialPickMutations,
} from '../feeds/graphql/editorial-pick.type.js';
import { RankingExplanationFields } from '../feeds/graphql/explanation.type.js';
import { InstanceFeedFields } from '../feeds/graphql/feed-algorithm.type.js';
import { FeedEdgeFields, FeedQuery } from '../feeds/graphql/feed.query.js';
import { FeedPageFields } from '../feeds/graphql/feed-page.fields.js';
import { FeedMutations } from '../feeds/graphql/feed.mutations.js';
import { FeedPreferencesFields, ViewerFeedFields } from '../feeds/graphql/feed-preferences.type.js';
import { TrendingSoundFields } from '../feeds/graphql/trending-sounds.fields.js';
import { FeedSnapshotFields } from '../feeds/graphql/feed-snapshot.type.js';
import { isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import { buildSchema, getMetadataStorage, type NonEmptyArray, type PubSub } from 'type-graphql';
import { ActorRelationFields } from '../actors/graphql/actor.connection.js';
import { AdminAccountFields, AdminFields } from '../accounts/graphql/admin.type.js';
import { AdmissionMutations } from '../accounts/graphql/admission.mutations.js';
import { EmailMutations } from '../accounts/graphql/email.mutations.js';
import {
  EntitlementFields,
  ViewerEntitlementFields,
} from '../accounts/graphql/entitlement.type.js';
import { InstanceMutations } from '../accounts/graphql/instance.mutations.js';
import { InstanceFields, RegistrationConditionsFields } from '../accounts/graphql/instance.type.js';
import { InviteMutations } from '../accounts/graphql/invite.mutations.js';
import { InvitePreviewFields } from '../accounts/graphql/invite-preview.query.js';
import {
  AdminInviteFields,
  InviteFields,
  ViewerInviteFields,
} from '../accounts/graphql/invite.type.js';
import { PasswordMutations } from '../accounts/graphql/password.mutations.js';
import {
  RegisterAccountMutations,
  UsernameTakenError,
} from '../accounts/graphql/register-account.mutations.js';
import { SessionMutations } from '../accounts/graphql/session.mutations.js';
import {
  PersonalAccessTokenFields,
  SessionFields,
  ViewerSessionFields,
} from '../accounts/graphql/session.type.js';
import { SettingsFields } from '../accounts/graphql/settings.type.js';
import { SignInMutations } from '../accounts/graphql/sign-in.mutations.js';
import { ViewerQuery } from '../accounts/graphql/viewer.query.js';
import { ViewerFields } from '../accounts/graphql/viewer.type.js';
import { ViewerRelationFields } from '../accounts/graphql/viewer-relations.fields.js';
import { AccountEventFields } from '../accounts/graphql/account-event.type.js';
import { AdminAuditFields, AuditEntryFields } from '../accounts/graphql/audit.type.js';
import { RoleMutations } from '../accounts/graphql/role.mutations.js';
import { AdminReportFields } from '../moderation/graphql/admin-moderation.fields.js';
import {
  AdminAccountStrikeFields,
  ModerationActionFields,
} from '../moderation/graphql/moderation-action.type.js';
import { ExportMutations } from '../portability/graphql/export.mutations.js';
import { ExportFields, ViewerExportFields } from '../portability/graphql/export.type.js';
import { ImportMutations } from '../portability/graphql/import.mutations.js';
import { ImportFields, ViewerImportFields } from '../portability/graphql/import.type.js';
import { PortabilityProgressFields } from '../portability/graphql/portability-progress.fields.js';
import { DeleteAccountMutations } from '../portability/graphql/delete-account.mutations.js';
import { RetentionFields } from '../retention/graphql/retention.type.js';
import { DomainBlockMutations } from '../actors/graphql/domain-block.mutations.js';
import { DomainRuleMutations } from '../moderation/graphql/domain-rule.mutations.js';
import {
  AdminDomainRuleFields,
  AdminDomainRuleListFields,
  DomainRuleFields,
  InstanceDomainRuleFields,
} from '../moderation/graphql/domain-rule.type.js';
import { ModerationMutations } from '../moderation/graphql/moderation.mutations.js';
import { ReportFields } from '../moderation/graphql/report.type.js';
import { ActorQuery } from '../actors/graphql/actor.query.js';
import { ActorFields } from '../actors/graphql/actor.type.js';
import { FileMedia, FileMediaFields, ImageMediaFields } from '../media/graphql/media.type.js';
import {
  AccountAnalyticsFields,
  VideoAnalyticsFields,
} from '../playback/graphql/analytics.fields.js';
import { PlaybackHistoryFields } from '../playback/graphql/playback-history.fields.js';
import { PlaybackMutations } from '../playback/graphql/playback.mutations.js';
import { VideoProgressFields } from '../playback/graphql/video-progress.fields.js';
import { VideoCareMutations } from '../media/graphql/video-care.mutations.js';
import { CaptionTrackMutations } from '../media/graphql/caption-track.mutations.js';
import { UploadMutations } from '../media/graphql/upload.mutations.js';
import { MediaProgressFields } from '../media/graphql/media-progress.fields.js';
import { PhotoPostFields, PhotoPostMutations } from '../photos/graphql/photo-post.mutations.js';
import { InstanceVideoFields, VideoPostFields } from '../videos/graphql/video-post.fields.js';
import { VideoPostMutations } from '../videos/graphql/video-post.mutations.js';
import { VideoPostType } from '../videos/graphql/video-post.type.js';
import { VideoMedia, VideoMediaFields } from '../media/graphql/video-media.type.js';
import { PhotoPostType } from '../photos/graphql/photo-post.type.js';
import {
  ActorCollectionFields,
  CollectionFields,
  PostCollectionFields,
} from '../collections/graphql/collection.fields.js';
import { ActorStoryFields, StoryFields, StoryTrayFields } from '../stories/graphql/story.fields.js';
import {
  StoryAnswerEmojiFields,
  StoryEmojiFields,
  StoryReactionEmojiFields,
  StoryStickerEmojiFields,
} from '../stories/graphql/story-emoji.fields.js';
import { StoryStickerFields } from '../stories/graphql/sticker.type.js';
import { StoryAnswerFields, StoryReactionFields } from '../stories/graphql/story-answer.type.js';
import { ActorHighlightFields, HighlightFields } from '../stories/graphql/highlight.fields.js';
import { HighlightMutations } from '../stories/graphql/highlight.mutations.js';
import { StoryDeedFields } from '../stories/graphql/story-deeds.fields.js';
import { StoryDeedMutations } from '../stories/graphql/story-deeds.mutations.js';
import { StoryMutations } from '../stories/graphql/story.mutations.js';
import { ViewerStoryFields } from '../stories/graphql/viewer-stories.fields.js';
import {
  AdminEmojiFields,
  CustomEmojiFields,
  InstanceEmojiFields,
} from '../emojis/graphql/emoji.type.js';
import { AdminEmojiArchiveFields, EmojiImportFields } from '../emojis/graphql/emoji-import.type.js';
import { EmojiImportMutations } from '../emojis/graphql/emoji-import.mutations.js';
import { ActorEmojiFields } from '../emojis/graphql/actor-emojis.fields.js';
import {
  CommentEmojiFields,
  PostEmojiFields,
  ReactionEmojiFields,
} from '../posts/graphql/emoji.fields.js';
import { EmojiMutations } from '../emojis/graphql/emoji.mutations.js';
import { CollectionMutations } from '../collections/graphql/collection.mutations.js';
import {
  ActorPlaylistFields,
  PlaylistFields,
  VideoPlaylistFields,
} from '../collections/graphql/playlist.fields.js';
import { PlaylistMutations } from '../collections/graphql/playlist.mutations.js';
import { ActorPostFields } from '../posts/graphql/actor-posts.fields.js';
import { CommentableFields, CommentReplyFields } from '../posts/graphql/comment.connection.js';
import {
  CommentCurationMutations,
  PinnedCommentFields,
} from '../posts/graphql/comment-curation.mutations.js';
import { CommentFields } from '../posts/graphql/comment.fields.js';
import { CommentMutations } from '../posts/graphql/comment.mutations.js';
import { HashtagFields, PostHashtagFields } from '../posts/graphql/hashtag.fields.js';
import { ContentFilterMutations } from '../filters/graphql/content-filter.mutations.js';
import { ViewerFilterFields } from '../filters/graphql/content-filter.type.js';
import {
  CommentFilterFields,
  FilterMatchFields,
  PostFilterFields,
} from '../posts/graphql/filter-match.fields.js';
import { PlaceFields } from '../places/graphql/place.type.js';
import {
  InstancePlaceFields,
  PlacePostFields,
  PostPlaceFields,
} from '../posts/graphql/place.fields.js';
import { InstanceLimitsFields } from '../posts/graphql/instance-limits.fields.js';
import {
  CommentMediaFields,
  PostMediaFields,
  PostRevisionMediaFields,
} from '../posts/graphql/post-media.fields.js';
import { PostFields } from '../posts/graphql/post.fields.js';
import { PostEdgeFields } from '../posts/graphql/post.connection.js';
import { PostMutations } from '../posts/graphql/post.mutations.js';
import { DraftMutations } from '../posts/graphql/draft.mutations.js';
import { DraftFields, DraftTagFields } from '../posts/graphql/draft.type.js';
import { ActorTagFields, ViewerTagFields } from '../posts/graphql/photo-tag.fields.js';
import { PhotoTagFields } from '../posts/graphql/photo-tag.type.js';
import { TaggedActorFields } from '../photos/graphql/tagged-actors.fields.js';
import { ViewerDraftFields } from '../posts/graphql/viewer-drafts.fields.js';
import { PostShelfMutations } from '../posts/graphql/post-shelf.mutations.js';
import { ViewerPostFields } from '../posts/graphql/viewer-posts.fields.js';
import { PostQuery } from '../posts/graphql/post.query.js';
import {
  PostLikeFields,
  ReactableFields,
  ReactionGroupFields,
} from '../posts/graphql/reaction.fields.js';
import { ReactionMutations } from '../posts/graphql/reaction.mutations.js';
import { PublicTimelineQuery } from '../timelines/graphql/public-timeline.query.js';
import { ActorListMutations } from '../timelines/graphql/actor-list.mutations.js';
import { ActorListFields } from '../timelines/graphql/actor-list.type.js';
import { AccountAliasMutations } from '../federation/graphql/account-alias.mutations.js';
import { ClaimKeyPackagesMutations } from '../federation/graphql/claim-key-packages.mutations.js';
import { ReadRemoteKeyLogMutations } from '../federation/graphql/read-remote-key-log.mutations.js';
import { MoveAccountMutations } from '../federation/graphql/move-account.mutations.js';
import {
  PostFederationFields,
  PostFederationHostFields,
} from '../federation/graphql/post-federation.fields.js';
import {
  ActorInstanceFields,
  InstancePeerFields,
} from '../federation/graphql/remote-instance.type.js';
import {
  AdminUnreachableHostFields,
  UnreachableHostFields,
} from '../federation/graphql/unreachable-host.type.js';
import { FetchRemoteObjectMutations } from '../federation/graphql/fetch-remote-object.mutations.js';
import { ActorListedFields, ViewerListFields } from '../timelines/graphql/viewer-lists.fields.js';
import {
  FollowedHashtagFields,
  HashtagEdgeFields,
  HashtagFollowMutations,
  ViewerHashtagFields,
} from '../timelines/graphql/followed-hashtags.fields.js';
import {
  TimelineMarkerFields,
  TimelineMarkerMutations,
  ViewerMarkerFields,
} from '../timelines/graphql/timeline-marker.fields.js';
import { ViewerHomeFields } from '../timelines/graphql/viewer-home.fields.js';
import { ActorRepostFields, PostRepostFields } from '../posts/graphql/repost.fields.js';
import { RepostMutations } from '../posts/graphql/repost.mutations.js';
import { NotificationEventFields } from '../notifications/graphql/notification-event.type.js';
import {
  NotificationRequestFields,
  ViewerNotificationRequestFields,
} from '../notifications/graphql/notification-request.type.js';
import { NotificationSettingsFields } from '../notifications/graphql/notification-settings.type.js';
import { ViewerNotificationFields } from '../notifications/graphql/notification.connection.js';
import { NotificationMutations } from '../notifications/graphql/notification.mutations.js';
import { InstancePushFields, PushTargetFields } from '../notifications/graphql/push-target.type.js';
import { NotificationFields } from '../notifications/graphql/notification.type.js';
import { BookmarkMutations } from '../posts/graphql/bookmark.mutations.js';
import {
  PostBookmarkFields,
  ViewerBookmarkFields,
} from '../posts/graphql/viewer-bookmarks.fields.js';
import { PostQuoteFields, QuoteCountFields } from '../posts/graphql/quote.fields.js';
import { QuoteMutations } from '../posts/graphql/quote.mutations.js';
import { MentionCompletionQuery } from '../posts/graphql/mention-completion.query.js';
import {
  CommentLinkPreviewFields,
  PostLinkPreviewFields,
} from '../posts/graphql/link-preview.fields.js';
import {
  CommentTranslationFields,
  PostTranslationFields,
} from '../posts/graphql/translation.fields.js';
import { PostSubscriptions } from '../posts/graphql/post.subscriptions.js';
import { TextPostType } from '../posts/graphql/text-post.type.js';
import { TimelineSubscriptions } from '../timelines/graphql/timeline.subscriptions.js';
import { completeDescriptions } from '../platform/graphql/descriptions.js';
import { ProfileMutations } from '../actors/graphql/profile.mutations.js';
import { RelationshipMutations } from '../actors/graphql/relationship.mutations.js';
import { RelationshipFields } from '../actors/graphql/relationship.type.js';
import { schemaDirectives } from '../platform/graphql/directives.js';
import { enforceScopes } from '../platform/graphql/enforce-scopes.js';
import type { NodeSource } from '../platform/graphql/node.js';
import { applyOneOf } from '../platform/graphql/one-of.js';
import {
  GenericError,
  QuotaError,
  RateLimitError,
  ValidationError,
} from '../platform/graphql/user-error.js';
import { toGlobalId } from '../platform/ids.js';
import { RateLimitQuery } from '../platform/graphql/rate-limit.query.js';
import { JobProgressSubscriptions } from './job-progress.subscriptions.js';
import { LiveViewerSubscriptions } from './live-viewer.subscriptions.js';
import { NodeQuery } from './node.query.js';
import { SoundFields } from '../sounds/graphql/sound.fields.js';
import { RemixMutations } from '../sounds/graphql/remix.mutations.js';
import { VideoRemixFields } from '../sounds/graphql/video-remix.fields.js';
import { SoundMutations } from '../sounds/graphql/sound.mutations.js';
import { VideoSoundFields } from '../sounds/graphql/video-sound.fields.js';
import { NODES } from './nodes.js';

const RESOLVERS: NonEmptyArray<Function> = [
  AdminAccountFields,
  EditorialPickFields,
  EditorialPickMutations,
  FeedEdgeFields,
  FeedMutations,
  FeedPageFields,
  FeedPreferencesFields,
  FeedQuery,
  TrendingSoundFields,
  ViewerFeedFields,
  FeedSnapshotFields,
  InstanceFeedFields,
  RankingExplanationFields,
  AdminAccountStrikeFields,
  AdminAuditFields,
  AdminReportFields,
  AdminDomainRuleFields,
  AdminDomainRuleListFields,
  DomainRuleFields,
  DomainBlockMutations,
  DomainRuleMutations,
  InstanceDomainRuleFields,
  AuditEntryFields,
  ModerationActionFields,
  ModerationMutations,
  DeleteAccountMutations,
  ImportFields,
  ImportMutations,
  ViewerImportFields,
  ExportFields,
  ExportMutations,
  ViewerExportFields,
  RetentionFields,
  ReportFields,
  RoleMutations,
  AdminFields,
  AdminInviteFields,
  AdmissionMutations,
  EmailMutations,
  EntitlementFields,
  InstanceFields,
  InstanceLimitsFields,
  InstanceMutations,
  InviteFields,
  InviteMutations,
  InvitePreviewFields,
  ViewerInviteFields,
  RegistrationConditionsFields,
  AccountEventFields,
  ActorFields,
  ActorListFields,
  ActorListMutations,
  ActorListedFields,
  ViewerListFields,
  TimelineMarkerFields,
  TimelineMarkerMutations,
  ViewerMarkerFields,
  FollowedHashtagFields,
  HashtagEdgeFields,
  AccountAliasMutations,
  MoveAccountMutations,
  PostFederationFields,
  PostFederationHostFields,
  ActorInstanceFields,
  InstanceChatLimitsFields,
  InstancePeerFields,
  AdminUnreachableHostFields,
  UnreachableHostFields,
  FetchRemoteObjectMutations,
  HashtagFollowMutations,
  ViewerHashtagFields,
  ActorCollectionFields,
  CollectionFields,
  PostCollectionFields,
  CollectionMutations,
  ActorPlaylistFields,
  PlaylistFields,
  VideoPlaylistFields,
  PlaylistMutations,
  AdminEmojiArchiveFields,
  EmojiImportFields,
  EmojiImportMutations,
  AdminEmojiFields,
  CustomEmojiFields,
  EmojiMutations,
  ActorEmojiFields,
  CommentEmojiFields,
  PostEmojiFields,
  ReactionEmojiFields,
  InstanceEmojiFields,
  ActorPostFields,
  ActorQuery,
  ActorRelationFields,
  ActorRepostFields,
  BookmarkMutations,
  ViewerBookmarkFields,
  PostBookmarkFields,
  CommentableFields,
  CommentCurationMutations,
  CommentFields,
  CommentFilterFields,
  ContentFilterMutations,
  FilterMatchFields,
  PostFilterFields,
  ViewerFilterFields,
  CommentMutations,
  CommentReplyFields,
  HashtagFields,
  LiveViewerSubscriptions,
  FileMediaFields,
  ImageMediaFields,
  VideoMediaFields,
  MediaProgressFields,
  PortabilityProgressFields,
  JobProgressSubscriptions,
  NodeQuery,
  InstancePushFields,
  PushTargetFields,
  NotificationEventFields,
  NotificationFields,
  NotificationMutations,
  NotificationRequestFields,
  NotificationSettingsFields,
  ViewerNotificationFields,
  ViewerNotificationRequestFields,
  PhotoPostFields,
  VideoPostFields,
  SoundFields,
  SoundMutations,
  VideoSoundFields,
  VideoPostMutations,
  InstanceVideoFields,
  RemixMutations,
  VideoRemixFields,
  PhotoPostMutations,
  PlaceFields,
  InstancePlaceFields,
  PlacePostFields,
  PostPlaceFields,
  MentionCompletionQuery,
  PinnedCommentFields,
  PostEdgeFields,
  PostFields,
  PostHashtagFields,
  PostLikeFields,
  CommentMediaFields,
  PostMediaFields,
  PostMutations,
  PostQuery,
  PostQuoteFields,
  CommentLinkPreviewFields,
  CommentTranslationFields,
  PostLinkPreviewFields,
  PostTranslationFields,
  PostRepostFields,
  DraftFields,
  DraftMutations,
  DraftTagFields,
  ActorTagFields,
  PhotoTagFields,
  TaggedActorFields,
  ViewerTagFields,
  QuoteCountFields,
  QuoteMutations,
  PostShelfMutations,
  ViewerDraftFields,
  ViewerPostFields,
  PostRevisionMediaFields,
  ProfileMutations,
  PublicTimelineQuery,
  PostSubscriptions,
  RateLimitQuery,
  ReactableFields,
  ReactionGroupFields,
  ReactionMutations,
  RelationshipFields,
  RelationshipMutations,
  RepostMutations,
  PasswordMutations,
  RegisterAccountMutations,
  PersonalAccessTokenFields,
  SessionFields,
  SessionMutations,
  SettingsFields,
  SignInMutations,
  ActorStoryFields,
  ActorHighlightFields,
  HighlightFields,
  HighlightMutations,
  StoryAnswerFields,
  StoryDeedFields,
  StoryDeedMutations,
  StoryFields,
  StoryMutations,
  StoryReactionFields,
  StoryAnswerEmojiFields,
  StoryEmojiFields,
  StoryReactionEmojiFields,
  StoryStickerEmojiFields,
  StoryStickerFields,
  StoryTrayFields,
  ActorChatFields,
  ChatDeviceFields,
  ActorKeyLogFields,
  AttachmentMutations,
  ChatHomeAttachmentFields,
  ChatHomeBackupFields,
  DeviceMutations,
  ClaimKeyPackagesMutations,
  ReadRemoteKeyLogMutations,
  KeyBackupFields,
  KeyBackupMutations,
  KeyLogQuery,
  KeyPackageFields,
  ChatHomeFields,
  ConversationExistsErrorFields,
  EncryptedChatMutations,
  EncryptedConversationFields,
  DraftConversationFields,
  GroupMutations,
  ChatPushMutations,
  MailboxFields,
  MemberKeysFields,
  StaleEpochErrorFields,
  ChatMessageFields,
  ChatMutations,
  ChatSubscriptions,
  ConversationFields,
  ConversationMemberFields,
  ViewerChatFields,
  ActorStarterPackFields,
  StarterPackFields,
  StarterPackHashtagFields,
  StarterPackMutations,
  StarterPacksQuery,
  ViewerStarterPackFields,
  AdminTrendFields,
  DirectoryQuery,
  SearchQuery,
  SuggestionMutations,
  TrendMutations,
  TrendsQuery,
  ViewerSuggestionFields,
  ViewerStoryFields,
  ViewerEntitlementFields,
  CaptionTrackMutations,
  VideoCareMutations,
  PlaybackHistoryFields,
  PlaybackMutations,
  AccountAnalyticsFields,
  VideoAnalyticsFields,
  VideoProgressFields,
  UploadMutations,
  TimelineSubscriptions,
  ViewerFields,
  ViewerHomeFields,
  ViewerQuery,
  ViewerSessionFields,
  ViewerRelationFields,
];

/** Object types that only an interface leads to. */
const ORPHANED_TYPES = [
  ConversationExistsErrorType,
  EpochErrorType,
  FileMedia,
  GenericError,
  HubUnreachableErrorType,
  IdentityMismatchError,
  PhotoPostType,
  QuotaError,
  RateLimitError,
  StaleEpochErrorType,
  TextPostType,
  VideoPostType,
  VideoMedia,
  UsernameTakenError,
  ValidationError,
  WelcomeErrorType,
];

/** Required by the library, never asked: every subscription field names its own source. */
const NO_PUB_SUB: PubSub = {
  publish: () => {
    throw new Error('Events are published by appending them to the journal');
  },
  subscribe: () => {
    throw new Error('A subscription field answers with a live source');
  },
};

/** Builds the public schema: ids encoded, @oneOf set, scopes enforced. */
export async function buildAppSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: RESOLVERS,
    orphanedTypes: ORPHANED_TYPES,
    directives: [...schemaDirectives],
    pubSub: NO_PUB_SUB,
    validate: false,
    // Apollo validates it as it starts, and the first operation would; this check would print all of it once more.
    skipCheck: true,
  });
  encodeIds(schema);
  resolveTypesAtOnce(schema);
  applyOneOf(schema);
  completeDescriptions(schema);
  return enforceScopes(schema);
}

/** The builder makes a promise of every type that an interface stands for; our sources name theirs themselves. */
function resolveTypesAtOnce(schema: GraphQLSchema): void {
  for (const { name, resolveType } of getMetadataStorage().interfaceTypes) {
    const type = schema.getType(name);
    if (isInterfaceType(type) && resolveType) {
      type.resolveType = resolveType as typeof type.resolveType;
    }
  }
}

/** Sources carry inner UUIDs; the `id` of every node type leaves as its opaque global id. */
function encodeIds(schema: GraphQLSchema): void {
  for (const { kind, typeNames } of NODES.values()) {
    for (const typeName of typeNames) {
      const type = schema.getType(typeName);
      if (!isObjectType(type)) throw new Error(`${typeName} is not an object type of the schema`);
      type.getFields()['id']!.resolve = (source: NodeSource) => toGlobalId(kind, source.id);
    }
  }
}
