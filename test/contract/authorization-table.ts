// Who may do what: every mutation, tried by everybody, about things of the owner or by the owner of a secret.
import { mintOneTimeToken, type TokenPurpose } from '../../src/accounts/one-time-tokens.js';
import { statement } from '../../src/platform/db/database.js';
import { startImport } from '../../src/portability/start-import.js';
import { requestExport } from '../../src/portability/request-export.js';
import type { Media } from '../../src/media/media.entity.js';
import type { ErrorCode } from '../../src/platform/errors.js';
import { encodeCursor } from '../../src/platform/db/page.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { converse, write, type SeenMessage } from '../support/chat.js';
import {
  addDevice,
  chatter,
  makeKeyPackages,
  registrationOf,
  revoke,
  type Chatter,
  type TestDevice,
} from '../support/chat-devices.js';
import { saveRule } from '../support/domain-rules.js';
import { makeEmoji } from '../support/emojis.js';
import { addHistory } from '../support/playback.js';
import { comment, publish, readyPicture } from '../support/posts.js';
import { keepAttachment } from '../support/chat-attachments.js';
import { addSound } from '../support/sounds.js';
import { tell } from '../support/stories.js';
import { publishVideo, readyVideo, saveCaptions, webVtt } from '../support/videos.js';
import { newKey } from '../support/key-packages.js';
import { makePushClient } from '../support/push-service.js';
import { fromFreshAddress, WORLD_PASSWORD, type Person, type World } from '../support/world.js';
import { makeGroupId } from '../support/mls.js';
import type { Cast, Standing } from './cast.js';
import { groupBetween, renewalOf, type OwnGroup } from './own-group.js';

/** How it ends: done with a trace, done without one as there was nothing to do, or refused. */
export type Outcome = 'DONE' | 'NOTHING' | 'UNAUTHENTICATED' | 'INSUFFICIENT_SCOPE' | ErrorCode;

/** Where a mutation is tried. */
export interface Scene {
  readonly world: World;
  readonly cast: Cast;
}

/** One mutation of the table. */
export interface Rule {
  /** Makes what it is about, and names it; null when the mutation has no input. */
  readonly input: (scene: Scene) => Promise<object> | object | null;
  readonly outcomes: Readonly<Record<Standing, Outcome>>;
  /** Afterwards people stand otherwise to one another, or are signed out: not for the next mutation. */
  readonly endsCast?: true;
}

type Outcomes = Rule['outcomes'];

function everybody(outcome: Outcome, exceptions: Partial<Outcomes> = {}): Outcomes {
  return {
    nobody: 'UNAUTHENTICATED',
    stranger: outcome,
    follower: outcome,
    exFollower: outcome,
    blocked: outcome,
    owner: outcome,
    moderator: outcome,
    admin: outcome,
    ...exceptions,
  };
}

const ownAccount = everybody('DONE');
const knowsTheSecret = everybody('DONE', { nobody: 'DONE' });
const ownerOnly = everybody('NOT_FOUND', { owner: 'DONE' });
const whoSeesIt = everybody('NOT_FOUND', { owner: 'DONE', follower: 'DONE' });
const otherWhoSeesIt = everybody('NOT_FOUND', { owner: 'FORBIDDEN', follower: 'DONE' });
/** What takes profiling, of a post for followers. */
const otherWhoSeesPost = everybody('NOT_FOUND', { owner: 'INVALID_INPUT', follower: 'DONE' });
const staff = everybody('INSUFFICIENT_SCOPE', { moderator: 'DONE', admin: 'DONE' });

/** Every mutation of the schema. */
export const RULES: Readonly<Record<string, Rule>> = {
  acknowledgeMailbox: {
    input: async (scene) => ({ deviceId: (await steadyDevice(scene)).id, upToPosition: '0' }),
    outcomes: { ...ownerOnly, owner: 'NOTHING' },
  },
  commitConversation: {
    input: async (scene) => renewalOf(await ownGroup(scene)),
    outcomes: ownerOnly,
  },
  leaveConversation: {
    input: async (scene) => ({ conversationId: (await ownGroup(scene)).conversationId }),
    outcomes: ownerOnly,
  },
  registerChatPush: {
    input: async (scene) => ({
      deviceId: (await steadyDevice(scene)).id,
      ...(pushTarget() as { target: object }).target,
    }),
    outcomes: ownerOnly,
  },
  removeChatPush: {
    input: async (scene) => {
      const { id: deviceId } = await steadyDevice(scene);
      const input = { deviceId, ...(pushTarget() as { target: object }).target };
      await scene.cast.owner.graphql(
        'mutation ($input: RegisterChatPushInput!) { registerChatPush(input: $input) { deviceId } }',
        { input },
      );
      return { deviceId };
    },
    outcomes: ownerOnly,
  },
  requestCommitLease: { input: ownSeat, outcomes: ownerOnly },
  resetConversation: {
    input: async (scene) => ({
      ...(await ownSeat(scene)),
      mlsGroupId: makeGroupId().toString('base64'),
    }),
    outcomes: ownerOnly,
  },
  sendChatSignal: {
    input: async (scene) => ({ ...(await ownSeat(scene)), payload: 'AAAA' }),
    outcomes: { ...ownerOnly, owner: 'NOTHING' },
  },
  setDisappearingMessages: {
    input: async (scene) => ({
      conversationId: (await ownSeat(scene)).conversationId,
      seconds: 60,
    }),
    outcomes: ownerOnly,
  },
  acknowledgeMessages: {
    input: async (scene) => ({ conversationId: await ownConversation(scene), upToSequence: '1' }),
    outcomes: ownerOnly,
  },
  addComment: {
    input: async (scene) => ({ postId: await followersPost(scene), content: 'Seen.' }),
    outcomes: whoSeesIt,
  },
  answerStory: {
    input: async (scene) => ({ storyId: await followersStory(scene), content: 'Fine.' }),
    outcomes: otherWhoSeesIt,
  },
  answerStorySticker: {
    input: async (scene) => ({
      storyId: await pollForFollowers(scene),
      stickerIndex: 0,
      optionIndex: 1,
    }),
    outcomes: otherWhoSeesIt,
  },
  cancelUpload: {
    input: async (scene) => ({ mediaId: await ownPicture(scene) }),
    outcomes: ownerOnly,
  },
  changeEmail: {
    input: () => ({ currentPassword: WORLD_PASSWORD, email: `${fresh('mail')}@people.example` }),
    outcomes: ownAccount,
  },
  changePassword: {
    input: () => ({ currentPassword: WORLD_PASSWORD, password: 'three grey geese at dawn' }),
    outcomes: ownAccount,
    endsCast: true,
  },
  claimKeyPackages: {
    input: ({ cast }) => ({ actorIds: [cast.owner.actorGlobalId] }),
    outcomes: everybody('DONE', { owner: 'NOTHING', blocked: 'NOTHING' }),
  },
  completeUpload: {
    input: async (scene) => ({ mediaId: await ownPicture(scene) }),
    outcomes: { ...ownerOnly, owner: 'NOTHING' },
  },
  confirmPassword: { input: () => ({ password: WORLD_PASSWORD }), outcomes: ownAccount },
  createInvite: { input: () => ({ maxUses: 1 }), outcomes: ownAccount },
  createPersonalAccessToken: {
    input: () => ({ name: 'Backup', scopes: ['read:account'] }),
    outcomes: ownAccount,
  },
  createConversation: {
    input: async (scene) => ({
      memberIds: [(await newcomer(scene)).actorGlobalId],
      encryption: 'NONE',
    }),
    outcomes: ownAccount,
  },
  createChatAttachment: { input: () => ({ sizeBytes: '10' }), outcomes: ownAccount },
  deleteChatAttachment: {
    input: async (scene) => ({ mediaId: await ownBlob(scene) }),
    outcomes: ownerOnly,
  },
  createUpload: {
    input: () => ({
      purpose: 'POST',
      fileName: 'a.jpg',
      mimeType: 'image/jpeg',
      sizeBytes: '10',
    }),
    outcomes: ownAccount,
  },
  decideRegistration: {
    input: async (scene) => ({ actorId: await pendingActor(scene), approve: true }),
    outcomes: staff,
  },
  deleteAccount: {
    input: () => ({ password: WORLD_PASSWORD }),
    outcomes: ownAccount,
    endsCast: true,
  },
  giveFeedFeedback: {
    input: async (scene) => ({
      subjectId: await profiledPost(scene),
      control: 'LESS_LIKE_THIS',
    }),
    outcomes: otherWhoSeesPost,
  },
  pickPost: {
    input: async (scene) => ({
      postId: await discoverablePost(scene),
      criterion: 'CRAFT',
      reason: 'Light.',
    }),
    outcomes: staff,
  },
  resetInterests: { input: () => ({ all: true }), outcomes: ownAccount },
  updateFeedPreferences: { input: () => ({ excludeAi: true }), outcomes: ownAccount },
  withdrawPick: {
    input: async (scene) => ({ pickId: await pickOfOwner(scene) }),
    outcomes: staff,
  },
  decideTrend: {
    input: async ({ world, cast }) => ({
      subjectId: await publish(world, cast.owner),
      allow: true,
    }),
    outcomes: staff,
  },
  deleteBookmarkFolder: {
    input: async (scene) => ({ folderId: await ownFolder(scene) }),
    outcomes: ownerOnly,
  },
  deleteCaptionTrack: {
    input: async (scene) => {
      const mediaId = await ownVideo(scene);
      await saveCaptions(scene.cast.owner, mediaId, webVtt('Seen.'));
      return { mediaId, kind: 'CAPTIONS', language: 'en' };
    },
    outcomes: ownerOnly,
  },
  deletePlaylist: {
    input: async (scene) => ({ playlistId: await ownPlaylist(scene) }),
    outcomes: ownerOnly,
  },
  deleteCollection: {
    input: async (scene) => ({ collectionId: await ownCollection(scene) }),
    outcomes: ownerOnly,
  },
  deleteDomainRule: {
    input: async (scene) => ({ ruleId: await someDomainRule(scene) }),
    outcomes: staff,
  },
  deleteChatMessage: {
    input: async (scene) => ({ messageId: await ownMessage(scene) }),
    outcomes: ownerOnly,
  },
  deleteComment: {
    input: async (scene) => ({ commentId: await commentOfFollower(scene) }),
    outcomes: whoSeesIt,
  },
  deleteCustomEmoji: {
    input: async (scene) => ({ emojiId: await someEmoji(scene) }),
    outcomes: staff,
  },
  deleteDraft: {
    input: async (scene) => ({ draftId: await ownDraft(scene) }),
    outcomes: ownerOnly,
  },
  deleteFilter: {
    input: async (scene) => ({ filterId: await ownFilter(scene) }),
    outcomes: ownerOnly,
  },
  deleteList: {
    input: async (scene) => ({ listId: await ownList(scene) }),
    outcomes: ownerOnly,
  },
  deleteStarterPack: {
    input: async (scene) => ({ starterPackId: await ownPack(scene) }),
    outcomes: ownerOnly,
  },
  deletePost: {
    input: async ({ world, cast }) => ({ postId: await publish(world, cast.owner) }),
    outcomes: ownerOnly,
  },
  deleteHighlight: {
    input: async (scene) => ({ highlightId: await ownHighlight(scene) }),
    outcomes: ownerOnly,
  },
  deleteStory: {
    input: async (scene) => ({ storyId: await followersStory(scene) }),
    outcomes: ownerOnly,
  },
  deleteStoryAnswer: {
    input: async (scene) => ({ answerId: await answerToOwner(scene) }),
    outcomes: whoSeesIt,
  },
  dismissSuggestion: {
    input: ({ cast }) => ({ actorId: cast.owner.actorGlobalId }),
    outcomes: everybody('DONE', { owner: 'INVALID_INPUT' }),
  },
  detachQuote: {
    input: async (scene) => ({ postId: await quoteOfOwner(scene) }),
    outcomes: ownerOnly,
  },
  disputeSound: {
    input: async (scene) => ({ postId: await recognisedVideo(scene) }),
    outcomes: ownerOnly,
  },
  followActor: {
    input: ({ cast }) => ({ actorId: cast.owner.actorGlobalId }),
    outcomes: everybody('DONE', {
      follower: 'NOTHING',
      blocked: 'BLOCKED',
      owner: 'INVALID_INPUT',
    }),
    endsCast: true,
  },
  readRemoteKeyLog: {
    input: ({ cast }) => ({ actorId: cast.owner.actorGlobalId }),
    outcomes: everybody('NOT_FOUND'),
  },
  fetchRemoteObject: {
    input: ({ cast }) => ({ handle: cast.owner.username }),
    outcomes: everybody('NOTHING'),
  },
  followHashtag: { input: () => ({ name: fresh('kites'), following: true }), outcomes: ownAccount },
  importCustomEmoji: {
    input: async (scene) => ({ mediaId: await emojiArchive(scene) }),
    outcomes: everybody('INSUFFICIENT_SCOPE', { moderator: 'FORBIDDEN', admin: 'DONE' }),
  },
  markNotificationsRead: {
    input: async (scene) => ({ ids: [await notification(scene)] }),
    outcomes: everybody('NOTHING', { owner: 'DONE' }),
  },
  markStoriesSeen: {
    input: async (scene) => ({ storyIds: [await followersStory(scene)] }),
    outcomes: everybody('NOTHING', { follower: 'DONE' }),
  },
  moveAccount: {
    input: async (scene) => ({ target: await aliasOfOwner(scene), password: WORLD_PASSWORD }),
    outcomes: everybody('FORBIDDEN', { owner: 'DONE' }),
    endsCast: true,
  },
  orderHighlights: {
    input: async (scene) => ({ highlightIds: [await ownHighlight(scene)] }),
    outcomes: ownerOnly,
  },
  publishDraft: {
    input: async (scene) => ({ draftId: await ownDraft(scene) }),
    outcomes: ownerOnly,
  },
  publishPhotoPost: {
    input: async (scene) => ({
      mediaIds: [await ownPicture(scene)],
      common: { caption: '', visibility: 'PUBLIC' },
    }),
    outcomes: ownerOnly,
  },
  publishVideoPost: {
    input: async ({ world, cast }) => ({
      mediaId: await readyVideo(world, cast.owner),
      common: { caption: '', visibility: 'PUBLIC' },
    }),
    outcomes: ownerOnly,
  },
  publishStory: {
    input: async (scene) => ({ mediaId: await ownPicture(scene, 'STORY') }),
    outcomes: ownerOnly,
  },
  remixVideo: {
    input: async (scene) => ({
      clipId: await readyVideo(scene.world, scene.cast.owner),
      remix: { duet: { postId: (await ownSound(scene)).postId } },
    }),
    outcomes: ownerOnly,
  },
  clearPlaybackHistory: { input: () => null, outcomes: everybody('NOTHING') },
  removeFromPlaybackHistory: {
    input: async (scene) => ({ postId: await watchedPost(scene) }),
    outcomes: ownerOnly,
  },
  recordPlayback: {
    input: async (scene) => ({
      entries: [{ postId: await followersPost(scene), watchedMs: 2000 }],
    }),
    outcomes: everybody('NOTHING', { owner: 'DONE', follower: 'DONE' }),
  },
  registerAccount: {
    input: () => {
      const username = fresh('new');
      return {
        username,
        email: `${username}@people.example`,
        password: WORLD_PASSWORD,
        birthDate: '1990-05-01',
        agreedToRules: true,
      };
    },
    outcomes: knowsTheSecret,
  },
  registerPushTarget: { input: () => pushTarget(), outcomes: ownAccount },
  removeFollower: {
    input: ({ cast }) => ({ actorId: cast.follower.actorGlobalId }),
    outcomes: everybody('NOTHING', { owner: 'DONE', follower: 'INVALID_INPUT' }),
    endsCast: true,
  },
  removePushTarget: {
    input: async (scene) => ({ targetId: await ownPushTarget(scene) }),
    outcomes: ownerOnly,
  },
  report: {
    input: async (scene) => ({
      actorId: scene.cast.owner.actorGlobalId,
      category: 'SPAM',
      subjectIds: [await followersPost(scene)],
    }),
    outcomes: everybody('NOT_FOUND', { follower: 'DONE', owner: 'INVALID_INPUT' }),
  },
  requestExport: { input: () => ({ format: 'CSV_LISTS' }), outcomes: ownAccount },
  requestEmailVerification: {
    input: () => ({ email: `${fresh('any')}@people.example` }),
    outcomes: knowsTheSecret,
  },
  requestPasswordReset: {
    input: () => ({ email: `${fresh('any')}@people.example` }),
    outcomes: knowsTheSecret,
  },
  resetPassword: {
    input: async (scene) => ({
      token: await mint(scene, 'reset-password', await newcomer(scene)),
      password: 'three grey geese at dawn',
    }),
    outcomes: knowsTheSecret,
  },
  resolveReport: {
    input: async (scene) => ({ reportId: await ownReport(scene), status: 'DISMISSED' }),
    outcomes: staff,
  },
  respondToFollowRequest: {
    input: async (scene) => ({ actorId: await asker(scene), accept: true }),
    outcomes: ownerOnly,
  },
  respondToNotificationRequest: {
    input: async (scene) => ({ requestId: await notificationRequest(scene), accept: true }),
    outcomes: ownerOnly,
  },
  respondToTag: {
    input: async (scene) => ({ tagId: await tagOfOwner(scene), approved: true }),
    outcomes: ownerOnly,
  },
  revokeInvite: {
    input: async (scene) => ({ inviteId: await ownInvite(scene) }),
    outcomes: everybody('NOT_FOUND', { owner: 'DONE', moderator: 'DONE', admin: 'DONE' }),
  },
  revokePersonalAccessToken: {
    input: async (scene) => ({ tokenId: await ownToken(scene) }),
    outcomes: ownerOnly,
  },
  revokeSession: {
    input: async (scene) => ({ sessionId: await ownSession(scene) }),
    outcomes: ownerOnly,
  },
  saveBookmarkFolder: {
    input: async (scene) => ({ folderId: await ownFolder(scene), title: fresh('Other') }),
    outcomes: ownerOnly,
  },
  saveCustomEmoji: {
    input: async (scene) => ({ emojiId: await someEmoji(scene), category: 'Kites' }),
    outcomes: staff,
  },
  saveCaptionTrack: {
    input: async (scene) => ({
      mediaId: await ownVideo(scene),
      kind: 'CHAPTERS',
      language: 'en',
      content: webVtt('Beginning'),
    }),
    outcomes: ownerOnly,
  },
  savePlaylist: {
    input: async (scene) => ({ playlistId: await ownPlaylist(scene), title: 'Other' }),
    outcomes: ownerOnly,
  },
  saveCollection: {
    input: async (scene) => ({ collectionId: await ownCollection(scene), title: 'Other' }),
    outcomes: ownerOnly,
  },
  importDomainRules: {
    input: () => ({ csv: `${fresh('rule')}.test`, dryRun: false }),
    outcomes: staff,
  },
  setDomainBlock: {
    input: () => ({ domain: `${fresh('far')}.test`, blocked: true }),
    outcomes: ownAccount,
  },
  saveDomainRule: {
    input: () => ({ domain: `${fresh('rule')}.test`, severity: 'LIMIT' }),
    outcomes: staff,
  },
  saveDraft: {
    input: async (scene) => ({
      draftId: await ownDraft(scene),
      common: { caption: 'Other.' },
    }),
    outcomes: ownerOnly,
  },
  saveFilter: {
    input: async (scene) => ({ filterId: await ownFilter(scene), title: 'Other' }),
    outcomes: ownerOnly,
  },
  saveList: {
    input: async (scene) => ({
      listId: await ownList(scene),
      addActorIds: [scene.cast.exFollower.actorGlobalId],
    }),
    outcomes: ownerOnly,
  },
  saveHighlight: {
    input: async (scene) => ({ highlightId: await ownHighlight(scene), title: 'Other' }),
    outcomes: ownerOnly,
  },
  saveStarterPack: {
    input: async (scene) => ({ starterPackId: await ownPack(scene), title: 'Other' }),
    outcomes: ownerOnly,
  },
  setAccountAlias: {
    input: async (scene) => ({
      alias: { id: (await newcomer(scene)).actorGlobalId },
      present: true,
    }),
    outcomes: ownAccount,
  },
  setAccountRedirect: {
    input: ({ cast }) => ({
      target: { id: cast.admin.actorGlobalId },
      password: WORLD_PASSWORD,
    }),
    outcomes: everybody('DONE', { admin: 'INVALID_INPUT' }),
    endsCast: true,
  },
  setBlock: {
    input: ({ cast }) => ({ actorId: cast.exFollower.actorGlobalId, blocked: true }),
    outcomes: everybody('DONE', { exFollower: 'INVALID_INPUT' }),
    endsCast: true,
  },
  setBookmark: {
    input: async (scene) => ({ postId: await followersPost(scene), bookmarked: true }),
    outcomes: whoSeesIt,
  },
  setCloseFriend: {
    input: ({ cast }) => ({ actorId: cast.exFollower.actorGlobalId, closeFriend: true }),
    outcomes: everybody('DONE', { exFollower: 'INVALID_INPUT' }),
  },
  setCommentHidden: {
    input: async (scene) => ({ commentId: await commentToOwner(scene), hidden: true }),
    outcomes: ownerOnly,
  },
  setCommentPinned: {
    input: async (scene) => ({ commentId: await commentToOwner(scene), pinned: true }),
    outcomes: ownerOnly,
  },
  setInPlaylist: {
    input: async (scene) => ({
      playlistId: await ownPlaylist(scene),
      postId: (await publishVideo(scene.world, scene.cast.owner)).postId,
      included: true,
    }),
    outcomes: ownerOnly,
  },
  setInCollection: {
    input: async (scene) => ({
      collectionId: await ownCollection(scene),
      postId: await publish(scene.world, scene.cast.owner),
      included: true,
    }),
    outcomes: ownerOnly,
  },
  publishKeyPackages: {
    input: async (scene) => {
      const device = await ownDevice(scene);
      const keyPackages = await makeKeyPackages(device, 1, scene.world.clock.now());
      return { deviceId: device.id, keyPackages };
    },
    outcomes: ownerOnly,
  },
  registerChatDevice: {
    input: async ({ world, cast }) =>
      registrationOf(await chatterOf(cast.owner), await newKey(), world.clock.now()),
    outcomes: everybody('INVALID_INPUT', { owner: 'DONE' }),
  },
  revokeChatDevice: {
    input: async (scene) => ({ deviceId: (await ownDevice(scene)).id }),
    outcomes: ownerOnly,
  },
  saveKeyBackup: {
    input: () => ({ data: 'AAAA', version: 0 }),
    outcomes: ownAccount,
  },
  deleteKeyBackup: { input: () => null, outcomes: ownAccount },
  sendChatMessage: {
    input: async (scene) => ({
      conversationId: await ownConversation(scene),
      clientMessageId: fresh('message'),
      content: { plaintext: 'Hello' },
    }),
    outcomes: ownerOnly,
  },
  setInStarterPack: {
    input: async (scene) => ({
      starterPackId: await ownPack(scene),
      actorId: scene.cast.owner.actorGlobalId,
      included: true,
    }),
    outcomes: ownerOnly,
  },
  setMute: {
    input: ({ cast }) => ({ actorId: cast.exFollower.actorGlobalId, muted: true }),
    outcomes: everybody('DONE', { exFollower: 'INVALID_INPUT' }),
  },
  setPostArchived: {
    input: async ({ world, cast }) => ({
      postId: await publish(world, cast.owner),
      archived: true,
    }),
    outcomes: ownerOnly,
  },
  setPostPinned: {
    input: async ({ world, cast }) => ({
      postId: await publish(world, cast.owner),
      pinned: true,
    }),
    outcomes: ownerOnly,
  },
  setReaction: {
    input: async (scene) => ({ subjectId: await followersPost(scene), content: '❤' }),
    outcomes: whoSeesIt,
  },
  setRepost: {
    input: async ({ world, cast }) => ({
      postId: await publish(world, cast.owner),
      reposted: true,
    }),
    outcomes: everybody('DONE', { blocked: 'NOT_FOUND' }),
  },
  setRole: {
    input: async (scene) => ({
      actorId: (await newcomer(scene)).actorGlobalId,
      role: 'CURATOR',
    }),
    outcomes: { ...staff, moderator: 'FORBIDDEN' },
  },
  setTimelineMarker: {
    input: async (scene) => ({ timeline: { listId: await ownList(scene) }, cursor: someCursor() }),
    outcomes: ownerOnly,
  },
  setStarterPackRefused: {
    input: async (scene) => ({ starterPackId: await ownPack(scene), refused: true }),
    outcomes: everybody('DONE', { blocked: 'NOT_FOUND', owner: 'INVALID_INPUT' }),
  },
  setStoryReaction: {
    input: async (scene) => ({ storyId: await followersStory(scene), content: '❤' }),
    outcomes: otherWhoSeesIt,
  },
  signIn: {
    input: ({ cast }) => ({ login: cast.owner.username, password: WORLD_PASSWORD }),
    outcomes: knowsTheSecret,
  },
  signOut: {
    input: () => null,
    outcomes: everybody('DONE', { nobody: 'FORBIDDEN' }),
    endsCast: true,
  },
  startImport: {
    input: () => ({ source: 'CSV_HASHTAGS', csv: '#kites' }),
    outcomes: ownAccount,
  },
  takeModerationAction: {
    input: ({ cast }) => ({ targetId: cast.owner.actorGlobalId, kind: 'WARN', reason: 'Be kind.' }),
    outcomes: staff,
  },
  undoEmailChange: {
    input: async (scene) => ({ token: await undoToken(scene) }),
    outcomes: knowsTheSecret,
  },
  unfollowActor: {
    input: ({ cast }) => ({ actorId: cast.owner.actorGlobalId }),
    outcomes: everybody('NOTHING', { follower: 'DONE', owner: 'INVALID_INPUT' }),
    endsCast: true,
  },
  updateComment: {
    input: async (scene) => ({ commentId: await commentOfFollower(scene), content: 'Other.' }),
    outcomes: everybody('NOT_FOUND', { follower: 'DONE' }),
  },
  updateInstance: {
    input: () => ({ name: fresh('Server') }),
    outcomes: everybody('INSUFFICIENT_SCOPE', { moderator: 'FORBIDDEN', admin: 'DONE' }),
  },
  retryMedia: {
    input: async (scene) => ({ mediaId: await failedFile(scene) }),
    outcomes: ownerOnly,
  },
  setVideoPoster: {
    input: async (scene) => ({ mediaId: await ownVideo(scene), posterAtMs: 500 }),
    outcomes: ownerOnly,
  },
  updateMedia: {
    input: async (scene) => ({ mediaId: await ownPicture(scene), altText: 'A kite' }),
    outcomes: ownerOnly,
  },
  updateNotificationSettings: {
    input: () => ({ silentKinds: ['REPOST'] }),
    outcomes: ownAccount,
  },
  updatePost: {
    input: async ({ world, cast }) => ({
      postId: await publish(world, cast.owner),
      caption: 'Other.',
    }),
    outcomes: ownerOnly,
  },
  updateProfile: {
    input: async (scene) => ({ avatarMediaId: await ownPicture(scene, 'AVATAR') }),
    outcomes: ownerOnly,
  },
  updateRetention: { input: () => ({ keepLiked: false }), outcomes: ownAccount },
  updateSettings: { input: () => ({ hideCounts: true }), outcomes: ownAccount },
  updateConversation: {
    input: async (scene) => ({ conversationId: await ownConversation(scene), muted: true }),
    outcomes: ownerOnly,
  },
  updateSound: {
    input: async (scene) => ({ soundId: (await ownSound(scene)).soundId, title: 'Rain' }),
    outcomes: ownerOnly,
  },
  useStarterPack: {
    input: async (scene) => ({ starterPackId: await ownPack(scene) }),
    outcomes: everybody('DONE', { blocked: 'NOT_FOUND', owner: 'NOTHING' }),
  },
  verifyEmail: {
    input: async (scene) => {
      const person = await newcomer(scene);
      return { token: await mint(scene, 'verify-email', person, { email: person.email }) };
    },
    outcomes: knowsTheSecret,
  },
};

let made = 0;

/** A name that nothing else has. */
export function fresh(prefix: string): string {
  made += 1;
  return `${prefix}_x${made}`;
}

/** Somebody who just came in. */
export function newcomer({ world }: Scene): Promise<Person> {
  return world.local(fresh('new'));
}

/** A post of the owner that only followers see. */
export function followersPost({ world, cast }: Scene): Promise<string> {
  return publish(world, cast.owner, { visibility: 'FOLLOWERS' });
}

/** A story of the owner that only followers see. */
export function followersStory({ world, cast }: Scene): Promise<string> {
  return tell(world, cast.owner, { visibility: 'FOLLOWERS' });
}

/** A story of the owner with a poll on it, that only followers see. */
export function pollForFollowers({ world, cast }: Scene): Promise<string> {
  const content = { poll: { question: 'Sea or hills?', options: ['Sea', 'Hills'] } };
  return tell(world, cast.owner, { stickers: [{ x: 0.5, y: 0.5, content }] });
}

/** What the follower said to a story of the owner. */
export async function answerToOwner(scene: Scene): Promise<string> {
  const storyId = await followersStory(scene);
  const answer = await scene.cast.follower.graphql<{ answerStory: { answer: { id: string } } }>(
    'mutation ($id: ID!) { answerStory(input: { storyId: $id, content: "Fine." }) { answer { id } } }',
    { id: storyId },
  );
  return answer.data.answerStory.answer.id;
}

/** A highlight of the owner with a story that only followers see, and one before it. */
export async function ownHighlight(scene: Scene): Promise<string> {
  const ids: string[] = [];
  while (ids.length < 2) {
    const { data } = await scene.cast.owner.graphql<{
      saveHighlight: { highlight: { id: string } };
    }>(
      'mutation ($input: SaveHighlightInput!) { saveHighlight(input: $input) { highlight { id } } }',
      { input: { title: 'Journey', storyIds: [await followersStory(scene)] } },
    );
    ids.push(data.saveHighlight.highlight.id);
  }
  return ids[1]!;
}

/** A picture of the owner that is in no post. */
export function ownPicture(
  { world, cast }: Scene,
  purpose: 'POST' | 'STORY' | 'AVATAR' | 'HEADER' = 'POST',
): Promise<string> {
  return readyPicture(world, cast.owner, { purpose });
}

/** A video of the owner, in a public post. */
export async function ownVideo({ world, cast }: Scene): Promise<string> {
  return (await publishVideo(world, cast.owner)).mediaId;
}

/** A file of the owner of which nothing became, `retries` times after the first. Nothing is made of it: it needs no bytes. */
export function failedFile({ world, cast }: Scene, retries = 0): Promise<string> {
  const originalKey = `test/${fresh('file')}`;
  return readyVideo(world, cast.owner, { kind: 'file', state: 'FAILED', originalKey, retries });
}

/** A post that the owner has watched. */
export async function watchedPost({ world, cast }: Scene): Promise<string> {
  return addHistory(world, cast.owner, [await publish(world, cast.owner)]);
}

/** A video of the owner that everybody sees, with a sound of its own. */
export async function ownSound(
  { world, cast }: Scene,
  visibility = 'PUBLIC',
): Promise<{ postId: string; soundId: string }> {
  const { postId } = await publishVideo(world, cast.owner, { visibility });
  return { postId, soundId: await addSound(world, [postId]) };
}

/** A public video of the owner in which the sound of another one was recognised. */
export async function recognisedVideo({ world, cast }: Scene): Promise<string> {
  const videos = await Promise.all(
    [1, 2].map(async () => (await publishVideo(world, cast.owner)).postId),
  );
  await addSound(world, [videos[1]!]);
  await addSound(world, videos);
  return videos[1]!;
}

/** A collection of the owner that everybody sees. */
export async function ownCollection({ cast }: Scene, visibility = 'PUBLIC'): Promise<string> {
  const answer = await cast.owner.graphql<{ saveCollection: { collection: { id: string } } }>(
    'mutation ($input: SaveCollectionInput!) { saveCollection(input: $input) { collection { id } } }',
    { input: { title: 'Journey', visibility } },
  );
  return answer.data.saveCollection.collection.id;
}

/** An empty playlist of the owner that everybody sees. */
export async function ownPlaylist({ cast }: Scene, visibility = 'PUBLIC'): Promise<string> {
  const answer = await cast.owner.graphql<{ savePlaylist: { playlist: { id: string } } }>(
    'mutation ($input: SavePlaylistInput!) { savePlaylist(input: $input) { playlist { id } } }',
    { input: { title: 'Flights', visibility } },
  );
  return answer.data.savePlaylist.playlist.id;
}

/** A starter pack of the owner with nobody in it. */
export async function ownPack({ cast }: Scene, isListed = true): Promise<string> {
  const answer = await cast.owner.graphql<{ saveStarterPack: { starterPack: { id: string } } }>(
    'mutation ($input: SaveStarterPackInput!) { saveStarterPack(input: $input) { starterPack { id } } }',
    { input: { title: 'Kites', isListed } },
  );
  return answer.data.saveStarterPack.starterPack.id;
}

const chatters = new WeakMap<Person, Promise<Chatter>>();
const devices = new WeakMap<Person, string>();

/** Somebody with their identity key, always the same. */
export function chatterOf(who: Person): Promise<Chatter> {
  const known = chatters.get(who) ?? chatter(who);
  chatters.set(who, known);
  return known;
}

/** An encrypted file of the owner. */
export async function ownBlob({ world, cast }: Scene): Promise<string> {
  return (await keepAttachment(world, cast.owner, Buffer.from(fresh('bytes')))).media.id;
}

/** A new device of the owner; the one before is revoked, as there can be six. */
export async function ownDevice({ world, cast: { owner } }: Scene): Promise<TestDevice> {
  const former = devices.get(owner);
  if (former) await revoke(owner, former);
  const device = await addDevice(await chatterOf(owner), world.clock.now());
  devices.set(owner, device.id);
  return device;
}

const steadyDevices = new WeakMap<Person, Promise<TestDevice>>();
const seats = new WeakMap<Person, Promise<OwnGroup>>();

/** The device with which the owner begins conversations, always the same. */
function steadyDevice({ world, cast: { owner } }: Scene): Promise<TestDevice> {
  const known =
    steadyDevices.get(owner) ??
    chatterOf(owner).then((person) => addDevice(person, world.clock.now()));
  steadyDevices.set(owner, known);
  return known;
}

/** The owner's encrypted conversation with somebody. */
export async function ownGroup(scene: Scene, isGroup = false): Promise<OwnGroup> {
  const device = await steadyDevice(scene);
  return groupBetween(device, await newcomer(scene), scene.world.clock.now(), isGroup);
}

/** An encrypted conversation of the owner, always the same, and their device in it. */
async function ownSeat(scene: Scene): Promise<{ conversationId: string; deviceId: string }> {
  const known = seats.get(scene.cast.owner) ?? ownGroup(scene);
  seats.set(scene.cast.owner, known);
  const { conversationId, device } = await known;
  return { conversationId, deviceId: device.id };
}

/** A conversation that the owner began with somebody, and in which there is one message. */
export async function ownConversation(scene: Scene): Promise<string> {
  return (await startConversation(scene)).conversationId;
}

/** A message of the owner. */
export async function ownMessage(scene: Scene): Promise<string> {
  return (await startConversation(scene)).id;
}

async function startConversation(scene: Scene): Promise<SeenMessage> {
  const { owner } = scene.cast;
  const { conversation } = await converse(owner, (await newcomer(scene)).actorGlobalId);
  return (await write(owner, conversation!.id, 'Hello')).message!;
}

/** A custom emoji of the server. */
export async function someEmoji({ world, cast }: Scene): Promise<string> {
  return (await makeEmoji(world, cast.moderator, fresh('kite'))).id;
}

/** An archive of emoji that an administrator has uploaded. */
export function emojiArchive(
  { world, cast }: Scene,
  state: Media['state'] = 'READY',
): Promise<string> {
  const archive = { purpose: 'EMOJI_ARCHIVE', kind: 'file', mimeType: 'application/gzip' } as const;
  return readyPicture(world, cast.admin, { ...archive, state });
}

/** A list of the owner with the follower in it. */
export async function ownList({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ saveList: { list: { id: string } } }>(
    'mutation ($input: SaveListInput!) { saveList(input: $input) { list { id } } }',
    { input: { title: 'Friends', addActorIds: [cast.follower.actorGlobalId] } },
  );
  return answer.data.saveList.list.id;
}

/** A keyword filter of the owner. */
export async function ownFilter({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ saveFilter: { filter: { id: string } } }>(
    'mutation { saveFilter(input: { keywords: [{ text: "storm" }] }) { filter { id } } }',
  );
  return answer.data.saveFilter.filter.id;
}

/** A place in a timeline. */
export function someCursor(): string {
  return encodeCursor([newId(new Date())]);
}

/** A folder of the owner for bookmarks. */
export async function ownFolder({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ saveBookmarkFolder: { folder: { id: string } } }>(
    'mutation ($input: SaveBookmarkFolderInput!) { saveBookmarkFolder(input: $input) { folder { id } } }',
    { input: { title: fresh('Folder') } },
  );
  return answer.data.saveBookmarkFolder.folder.id;
}

/** A post of the follower that quotes a public one of the owner. */
export async function quoteOfOwner({ world, cast }: Scene): Promise<string> {
  return publish(world, cast.follower, { quotedPostId: await publish(world, cast.owner) });
}

/** A comment of the follower under a public post of the owner. */
export async function commentToOwner({ world, cast }: Scene): Promise<string> {
  return comment(cast.follower, await publish(world, cast.owner), 'Seen.');
}

/** A post for followers of the owner; the follower allows a profile. */
export async function profiledPost(scene: Scene): Promise<string> {
  await done(scene.cast.follower, 'updateFeedPreferences', { profilingEnabled: true });
  return followersPost(scene);
}

/** A public post of the owner, who wants to be found. */
export async function discoverablePost({ world, cast }: Scene): Promise<string> {
  await done(cast.owner, 'updateProfile', { isDiscoverable: true });
  return publish(world, cast.owner);
}

/** A pick of a post of the owner. */
export async function pickOfOwner(scene: Scene): Promise<string> {
  const postId = await discoverablePost(scene);
  const answer = await scene.cast.moderator.graphql<{ pickPost: { pick: { id: string } } }>(
    'mutation ($input: PickPostInput!) { pickPost(input: $input) { pick { id } } }',
    { input: { postId, criterion: 'CRAFT', reason: 'Light.' } },
  );
  return answer.data.pickPost.pick.id;
}

/** An order of posts that was made for the owner. */
export async function ownSnapshot({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ feed: { snapshot: { id: string } } }>(
    '{ feed { snapshot { id } } }',
  );
  return answer.data.feed.snapshot.id;
}

/** A message of a conversation that nobody has sent. */
export function claimIn(conversationId: string): object {
  const acceptedAt = new Date(0).toISOString();
  return { conversationId, acceptedAt, data: 'AAAA', salt: 'AAAA', frank: 'AAAA' };
}

/** A message that only the server of its conversation can tell from a true one. */
export function provableIn(conversationId: string): object {
  const [salt, frank] = [Buffer.alloc(32), Buffer.alloc(96)].map((bytes) =>
    bytes.toString('base64'),
  );
  return { ...claimIn(conversationId), salt, frank };
}

/** A report of the owner about the stranger. */
export async function ownReport({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ report: { report: { id: string } } }>(
    'mutation ($input: ReportInput!) { report(input: $input) { report { id } } }',
    { input: { actorId: cast.stranger.actorGlobalId, category: 'OTHER', comment: fresh('No.') } },
  );
  return answer.data.report.report.id;
}

/** What the staff did about the owner. */
export async function actionOnOwner({ cast }: Scene): Promise<string> {
  const answer = await cast.moderator.graphql<{
    takeModerationAction: { action: { id: string } };
  }>(
    'mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { action { id } } }',
    { input: { targetId: cast.owner.actorGlobalId, kind: 'WARN', reason: 'Be kind.' } },
  );
  return answer.data.takeModerationAction.action.id;
}

const NEWEST_TAG = statement(
  'test.newest_tag',
  'select id from photo_tags where actor_id = $1 order by id desc limit 1',
);

/** A tag of the owner in a public picture of the follower, which waits for the owner’s answer. */
export async function tagOfOwner({ world, cast }: Scene): Promise<string> {
  const mediaId = await readyPicture(world, cast.follower);
  const tag = { mediaId, actorId: cast.owner.actorGlobalId, x: 0.5, y: 0.5 };
  await done(cast.follower, 'publishPhotoPost', {
    mediaIds: [mediaId],
    tags: [tag],
    common: { caption: '', visibility: 'PUBLIC' },
  });
  const row = await world.services.database.row<{ id: string }>(NEWEST_TAG, [cast.owner.actorId]);
  return toGlobalId('tag', row!.id);
}

/** A draft of the owner with a picture, ready to be published. */
export async function ownDraft(scene: Scene): Promise<string> {
  const answer = await scene.cast.owner.graphql<{ saveDraft: { draft: { id: string } } }>(
    'mutation ($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id } } }',
    { input: { mediaIds: [await ownPicture(scene)], common: { visibility: 'PUBLIC' } } },
  );
  return answer.data.saveDraft.draft.id;
}

/** An export of the owner. */
export async function ownExport({ world, cast }: Scene): Promise<string> {
  const context = await cast.owner.context();
  await world.services.database.rows(FORGET_EXPORTS, [cast.owner.accountId]);
  const input = { format: 'CSV_LISTS', includesMedia: false } as const;
  return toGlobalId('dataexport', await requestExport(context, input));
}

/** An import of the owner. */
export async function ownImport({ world, cast }: Scene): Promise<string> {
  const context = await cast.owner.context();
  await world.services.database.rows(FORGET_IMPORTS, [cast.owner.accountId]);
  const input = { source: 'CSV_HASHTAGS', csv: '#kites', mode: 'DRY_RUN' } as const;
  return toGlobalId('dataimport', await startImport(context, input));
}

const FORGET_IMPORTS = statement(
  'test.forget_imports',
  'delete from data_imports where account_id = $1',
);
const FORGET_EXPORTS = statement(
  'test.forget_exports',
  'delete from data_exports where account_id = $1',
);

/** Input of registerPushTarget for a client that nobody else has. */
export function pushTarget(): object {
  const { p256dh, auth } = makePushClient();
  const endpoint = `https://fcm.push.example/send/${fresh('client')}`;
  return { target: { webPush: { endpoint, p256dh, auth } } };
}

/** A client of the owner that notifications are pushed to. */
export async function ownPushTarget({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ registerPushTarget: { pushTarget: { id: string } } }>(
    'mutation ($input: RegisterPushTargetInput!) { registerPushTarget(input: $input) { pushTarget { id } } }',
    { input: pushTarget() },
  );
  return answer.data.registerPushTarget.pushTarget.id;
}

/** Tells the owner that the follower commented. */
export async function notification(scene: Scene): Promise<string> {
  await commentOfFollower(scene);
  return newestOf(scene, 'notifications');
}

/** Keeps a comment of somebody who just came in behind a request to the owner. */
export async function notificationRequest(scene: Scene): Promise<string> {
  const { world, cast } = scene;
  await done(cast.owner, 'updateNotificationSettings', { policy: { fromStrangers: 'REQUEST' } });
  const person = await newcomer(scene);
  await comment(person, await publish(world, cast.owner), 'Hello.');
  const id = await newestOf(scene, 'notificationRequests');
  await done(cast.owner, 'updateNotificationSettings', { policy: { fromStrangers: 'ACCEPT' } });
  return id;
}

/** Somebody who says that they are the owner, too. */
export async function aliasOfOwner(scene: Scene): Promise<object> {
  const other = await newcomer(scene);
  const alias = { id: scene.cast.owner.actorGlobalId };
  await done(other, 'setAccountAlias', { alias, present: true });
  return { id: other.actorGlobalId };
}

async function newestOf(
  { world, cast }: Scene,
  list: 'notifications' | 'notificationRequests',
): Promise<string> {
  await world.settle();
  const answer = await cast.owner.graphql<{ viewer: { list: { nodes: { id: string }[] } } }>(
    `{ viewer { list: ${list}(first: 1) { nodes { id } } } }`,
  );
  return answer.data.viewer.list.nodes[0]!.id;
}

/** A comment of the follower under a public post of the owner, which everybody but the blocked sees. */
async function commentOfFollower({ world, cast }: Scene): Promise<string> {
  return comment(cast.follower, await publish(world, cast.owner), 'First.');
}

/** Somebody who asked to follow the owner, and waits. */
async function asker(scene: Scene): Promise<string> {
  const { owner } = scene.cast;
  const person = await newcomer(scene);
  await done(owner, 'updateProfile', { isLocked: true });
  await done(person, 'followActor', { actorId: owner.actorGlobalId });
  await done(owner, 'updateProfile', { isLocked: false });
  return person.actorGlobalId;
}

/** An invite of the owner. */
export async function ownInvite({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{ createInvite: { invite: { id: string } } }>(
    'mutation { createInvite(input: {}) { invite { id } } }',
  );
  return answer.data.createInvite.invite.id;
}

/** A personal access token of the owner. */
export async function ownToken({ cast }: Scene): Promise<string> {
  const answer = await cast.owner.graphql<{
    createPersonalAccessToken: { personalAccessToken: { id: string } };
  }>(
    `mutation { createPersonalAccessToken(input: { name: "Backup", scopes: ["read"] }) { personalAccessToken { id } } }`,
  );
  return answer.data.createPersonalAccessToken.personalAccessToken.id;
}

const NEWEST_SESSION = statement(
  'test.newest_session',
  `select id from sessions where account_id = $1 and kind = 'SESSION' order by id desc limit 1`,
);

/** A second session of the owner. */
export async function ownSession({ world, cast }: Scene): Promise<string> {
  const { username, accountId } = cast.owner;
  const answer = await world.graphql<{ signIn: { token: string | null } }>(
    'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
    { input: { login: username, password: WORLD_PASSWORD } },
    null,
    fromFreshAddress(),
  );
  if (!answer.data.signIn.token) throw new Error(JSON.stringify(answer));
  const row = await world.services.database.row<{ id: string }>(NEWEST_SESSION, [accountId]);
  return toGlobalId('session', row!.id);
}

const ACTOR_BY_NAME = statement('test.actor_by_name', 'select id from actors where username = $1');

/** Somebody whom the staff has yet to let in: for everybody else not there. */
export async function pendingActor({ world, cast }: Scene): Promise<string> {
  const username = fresh('wait');
  await done(cast.admin, 'updateInstance', { registrationMode: 'APPROVAL' });
  await world.graphql(
    'mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { nextStep } }',
    {
      input: {
        username,
        email: `${username}@people.example`,
        password: WORLD_PASSWORD,
        birthDate: '1990-05-01',
        agreedToRules: true,
        reason: 'Friends are here.',
      },
    },
    null,
    fromFreshAddress(),
  );
  await done(cast.admin, 'updateInstance', { registrationMode: 'OPEN' });
  const row = await world.services.database.row<{ id: string }>(ACTOR_BY_NAME, [username]);
  return toGlobalId('actor', row!.id);
}

function mint(
  { world: { services } }: Scene,
  purpose: TokenPurpose,
  { accountId, email }: Person,
  payload: Record<string, string> = { email },
): Promise<string> {
  return mintOneTimeToken(services, services.database, purpose, accountId, payload);
}

const NEWEST_CHANGE = statement(
  'test.newest_change',
  'select id from email_changes where account_id = $1 order by id desc limit 1',
);

/** A rule that everybody may know. */
export async function someDomainRule(
  { cast }: Scene,
  severity: 'NONE' | 'LIMIT' = 'LIMIT',
): Promise<string> {
  const { rule } = await saveRule(cast.moderator, `${fresh('rule')}.test`, severity);
  return rule!.id;
}

async function undoToken(scene: Scene): Promise<string> {
  const person = await newcomer(scene);
  await done(person, 'changeEmail', {
    currentPassword: WORLD_PASSWORD,
    email: `${fresh('other')}@people.example`,
  });
  const { database } = scene.world.services;
  const change = await database.row<{ id: string }>(NEWEST_CHANGE, [person.accountId]);
  return mint(scene, 'undo-email-change', person, { changeId: change!.id });
}

/** Document of a mutation that asks for everything a refusal can say. */
export function mutationDocument(name: string): string {
  const payload = `{ __typename userErrors { __typename code message path ... on ValidationError { constraint limit } } }`;
  if (['signOut', 'clearPlaybackHistory', 'deleteKeyBackup'].includes(name))
    return `mutation { ${name} ${payload} }`;
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${name}(input: $input) ${payload} }`;
}

/** Runs a mutation that must succeed. */
export async function done(who: Person, name: string, input: object): Promise<void> {
  const answer = await who.graphql<Record<string, { userErrors: unknown[] }>>(
    mutationDocument(name),
    { input },
  );
  if (answer.errors || answer.data[name]?.userErrors.length !== 0)
    throw new Error(JSON.stringify(answer));
}
