/** Everything that `node(id:)` can load. */
import { adminAccountNode } from '../accounts/graphql/admin.type.js';
import { ruleNode } from '../accounts/graphql/instance.type.js';
import { inviteNode } from '../accounts/graphql/invite.type.js';
import { personalAccessTokenNode, sessionNode } from '../accounts/graphql/session.type.js';
import { viewerNode } from '../accounts/graphql/viewer.loader.js';
import { actorNode } from '../actors/graphql/actor.loader.js';
import { relationshipNode } from '../actors/graphql/relationship.type.js';
import { notificationRequestNode } from '../notifications/graphql/notification-request.type.js';
import { pushTargetNode } from '../notifications/graphql/push-target.type.js';
import { notificationNode } from '../notifications/graphql/notification.loader.js';
import { bookmarkFolderNode } from '../posts/graphql/bookmark-folder.type.js';
import { actorListNode } from '../timelines/graphql/actor-list.type.js';
import { contentFilterNode } from '../filters/graphql/content-filter.type.js';
import { commentNode } from '../posts/graphql/comment.loader.js';
import { draftNode } from '../posts/graphql/draft.type.js';
import { hashtagNode } from '../posts/graphql/hashtag.type.js';
import { photoTagNode } from '../posts/graphql/photo-tag.type.js';
import { mediaNode } from '../stories/graphql/story-media.loader.js';
import { highlightNode } from '../stories/graphql/highlight.type.js';
import { storyAnswerNode } from '../stories/graphql/story-answer.type.js';
import { storyTrayNode } from '../stories/graphql/story-tray.type.js';
import { storyNode } from '../stories/graphql/story.type.js';
import { postNode } from '../posts/graphql/post.loader.js';
import { revisionNode } from '../posts/graphql/post-revision.type.js';
import { placeNode } from '../places/graphql/place.type.js';
import { editorialPickNode } from '../feeds/graphql/editorial-pick.type.js';
import { feedSnapshotNode } from '../feeds/graphql/feed-snapshot.type.js';
import { emojiImportNode } from '../emojis/graphql/emoji-import.type.js';
import { emojiNode } from '../emojis/graphql/emoji.type.js';
import { soundNode } from '../sounds/graphql/sound.loader.js';
import { collectionNode } from '../collections/graphql/collection.type.js';
import { playlistNode } from '../collections/graphql/playlist.type.js';
import { chatDeviceNode } from '../devices/graphql/chat-device.type.js';
import { chatMessageNode } from '../chat/graphql/chat-message.type.js';
import { conversationNode } from '../chat/graphql/conversation.type.js';
import { starterPackNode } from '../starterpacks/graphql/starter-pack.type.js';
import { auditEntryNode } from '../accounts/graphql/audit.type.js';
import { domainRuleNode } from '../moderation/graphql/domain-rule.type.js';
import { moderationActionNode } from '../moderation/graphql/moderation-action.type.js';
import { exportNode } from '../portability/graphql/export.type.js';
import { importNode } from '../portability/graphql/import.type.js';
import { reportNode } from '../moderation/graphql/report.type.js';
import type { NodeDefinition } from '../platform/graphql/node.js';

const DEFINITIONS: readonly NodeDefinition[] = [
  actorNode,
  actorListNode,
  adminAccountNode,
  auditEntryNode,
  domainRuleNode,
  editorialPickNode,
  feedSnapshotNode,
  moderationActionNode,
  reportNode,
  chatDeviceNode,
  chatMessageNode,
  collectionNode,
  playlistNode,
  conversationNode,
  emojiImportNode,
  emojiNode,
  bookmarkFolderNode,
  commentNode,
  contentFilterNode,
  draftNode,
  exportNode,
  importNode,
  hashtagNode,
  inviteNode,
  mediaNode,
  notificationNode,
  notificationRequestNode,
  pushTargetNode,
  personalAccessTokenNode,
  placeNode,
  photoTagNode,
  postNode,
  relationshipNode,
  revisionNode,
  ruleNode,
  sessionNode,
  highlightNode,
  soundNode,
  starterPackNode,
  storyAnswerNode,
  storyNode,
  storyTrayNode,
  viewerNode,
];

/** Node definitions by id prefix. */
export const NODES: ReadonlyMap<string, NodeDefinition> = new Map(
  DEFINITIONS.map((definition) => [definition.kind, definition]),
);
