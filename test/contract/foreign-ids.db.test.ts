// G19: an id of something that the caller may not know is answered exactly like an id of nothing, wherever a
// mutation takes one.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getNamedType, isInputObjectType, type GraphQLInputType } from 'graphql';
import { buildAppSchema } from '../../src/app/schema.js';
import { newId, parseGlobalId, toGlobalId } from '../../src/platform/ids.js';
import { changedTables, footprint } from '../support/footprint.js';
import { block, comment, publish, readyPicture } from '../support/posts.js';
import { publishVideo, readyVideo, webVtt } from '../support/videos.js';
import { startWorld, WORLD_PASSWORD, type Person, type World } from '../support/world.js';
import {
  done,
  followersPost,
  followersStory,
  mutationDocument,
  notification,
  notificationRequest,
  ownCollection,
  ownPlaylist,
  ownSound,
  recognisedVideo,
  watchedPost,
  ownInvite,
  ownPack,
  failedFile,
  ownVideo,
  newcomer,
  commentToOwner,
  fresh,
  ownDraft,
  ownFilter,
  ownFolder,
  ownList,
  someCursor,
  quoteOfOwner,
  ownPushTarget,
  claimIn,
  pushTarget,
  ownReport,
  tagOfOwner,
  answerToOwner,
  ownBlob,
  ownConversation,
  ownDevice,
  ownGroup,
  ownHighlight,
  ownMessage,
  pollForFollowers,
  ownPicture,
  ownSession,
  ownToken,
  pendingActor,
  pickOfOwner,
  type Scene,
} from './authorization-table.js';
import { newCast, type Cast } from './cast.js';
import { openingOf } from './other-groups.js';
import { lettersFor, renewalOf, type OwnGroup } from './own-group.js';
import { remoteActor } from './remote-actor.js';

/** How an input is made around one id, and the id of a thing that is not the caller's to know. */
interface ForeignId {
  readonly thing: (scene: Scene) => Promise<string>;
  readonly input: (id: string, scene: Scene) => Promise<object> | object;
  /** What is not there is left out of many without a word. */
  readonly isPassedOver?: true;
  /** A draft may name anybody: what is hidden is kept like what is not there. */
  readonly isAskedLater?: true;
  /** Absent = stranger. */
  readonly caller?: Exclude<keyof Cast, 'nobody'>;
}

const hiddenComment = async (scene: Scene): Promise<string> =>
  comment(scene.cast.follower, await followersPost(scene), 'Among us.');
const ofActor = (more: object = {}): ForeignId => ({
  thing: pendingActor,
  input: (actorId) => ({ actorId, ...more }),
});
const middle = { x: 0.5, y: 0.5 };
const act = { kind: 'WARN', reason: 'Be kind.' };
const common = { caption: '', visibility: 'PUBLIC' };

/** A video that the stranger does not see. */
async function followersVideo(scene: Scene): Promise<string> {
  return (await ownSound(scene, 'FOLLOWERS')).postId;
}

/** Every field of every mutation that takes an id. */
const FOREIGN: Readonly<Record<string, ForeignId>> = {
  'addComment.parentId': {
    thing: hiddenComment,
    input: async (parentId, { world, cast }) => ({
      postId: await publish(world, cast.owner),
      parentId,
      content: 'x',
    }),
  },
  'addComment.postId': {
    thing: followersPost,
    input: (postId) => ({ postId, content: 'x' }),
  },
  'answerStory.storyId': {
    thing: followersStory,
    input: (storyId) => ({ storyId, content: 'x' }),
  },
  'answerStorySticker.storyId': {
    thing: pollForFollowers,
    input: (storyId) => ({ storyId, stickerIndex: 0, optionIndex: 0 }),
  },
  'cancelUpload.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: (mediaId) => ({ mediaId }),
  },
  'deleteChatAttachment.mediaId': { thing: ownBlob, input: (mediaId) => ({ mediaId }) },
  'saveKeyBackup.historyId': {
    thing: ownBlob,
    input: (historyId) => ({ data: 'AAAA', version: 0, historyId }),
  },
  'completeUpload.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: (mediaId) => ({ mediaId }),
  },
  'decideRegistration.actorId': {
    thing: remoteActor,
    input: (actorId) => ({ actorId, approve: true }),
    caller: 'moderator',
  },
  'giveFeedFeedback.subjectId': {
    thing: followersPost,
    input: (subjectId) => ({ subjectId, control: 'LESS_LIKE_THIS' }),
  },
  'pickPost.postId': {
    thing: followersPost,
    input: (postId) => ({ postId, criterion: 'CRAFT', reason: 'Light.' }),
    caller: 'moderator',
  },
  'resetInterests.subjectIds': {
    thing: pendingActor,
    input: (id) => ({ subjectIds: [id] }),
    isPassedOver: true,
  },
  'withdrawPick.pickId': {
    thing: async (scene) => {
      const pickId = await pickOfOwner(scene);
      await done(scene.cast.moderator, 'withdrawPick', { pickId });
      return pickId;
    },
    input: (pickId) => ({ pickId }),
    caller: 'moderator',
  },
  'decideTrend.subjectId': {
    thing: followersPost,
    input: (subjectId) => ({ subjectId, allow: true }),
    caller: 'moderator',
  },
  'dismissSuggestion.actorId': ofActor(),
  'deleteBookmarkFolder.folderId': { thing: ownFolder, input: (folderId) => ({ folderId }) },
  'readRemoteKeyLog.actorId': { thing: pendingActor, input: (actorId) => ({ actorId }) },
  'claimKeyPackages.actorIds': { thing: pendingActor, input: (id) => ({ actorIds: [id] }) },
  'claimKeyPackages.exceptDeviceIds': {
    thing: deviceOfOwner,
    input: (id, { cast }) => ({ actorIds: [cast.stranger.actorGlobalId], exceptDeviceIds: [id] }),
    isPassedOver: true,
  },
  'publishKeyPackages.deviceId': {
    thing: deviceOfOwner,
    input: (deviceId) => ({ deviceId, keyPackages: [{ data: 'AAAA' }] }),
  },
  'revokeChatDevice.deviceId': { thing: deviceOfOwner, input: (deviceId) => ({ deviceId }) },
  'acknowledgeMailbox.deviceId': {
    thing: deviceOfOwner,
    input: (deviceId) => ({ deviceId, upToPosition: '1' }),
  },
  'commitConversation.conversationId': {
    thing: groupOfOwner,
    input: async (conversationId) => renewalOf(await groupOfStranger(), { conversationId }),
  },
  'commitConversation.deviceId': {
    thing: deviceOfOwner,
    input: async (deviceId) => renewalOf(await groupOfStranger(), { deviceId }),
  },
  'commitConversation.addMemberIds': {
    thing: pendingActor,
    input: async (id) => renewalOf(await groupOfStranger(), { addMemberIds: [id] }),
  },
  'commitConversation.removeMemberIds': {
    thing: pendingActor,
    input: async (id) => renewalOf(await groupOfStranger(), { removeMemberIds: [id] }),
  },
  'commitConversation.removeDeviceIds': {
    thing: deviceOfOwner,
    input: async (id) => renewalOf(await groupOfStranger(), { removeDeviceIds: [id] }),
  },
  'createConversation.deviceId': {
    thing: deviceOfOwner,
    input: (deviceId, scene) => openingOf(scene, deviceId),
  },
  'leaveConversation.conversationId': {
    thing: groupOfOwner,
    input: (conversationId) => ({ conversationId }),
  },
  'registerChatPush.deviceId': {
    thing: deviceOfOwner,
    input: (deviceId) => ({ deviceId, ...(pushTarget() as { target: object }).target }),
  },
  'removeChatPush.deviceId': { thing: deviceOfOwner, input: (deviceId) => ({ deviceId }) },
  'requestCommitLease.conversationId': {
    thing: groupOfOwner,
    input: async (conversationId) => ({ ...(await seatOfStranger()), conversationId }),
  },
  'requestCommitLease.deviceId': {
    thing: deviceOfOwner,
    input: async (deviceId) => ({ ...(await seatOfStranger()), deviceId }),
  },
  'resetConversation.conversationId': {
    thing: groupOfOwner,
    input: async (conversationId) => ({ ...(await seatOfStranger()), ...newGroup, conversationId }),
  },
  'resetConversation.deviceId': {
    thing: deviceOfOwner,
    input: async (deviceId) => ({ ...(await seatOfStranger()), ...newGroup, deviceId }),
  },
  'sendChatMessage.content.mls.deviceId': {
    thing: deviceOfOwner,
    input: async (deviceId) => {
      const letters = await lettersFor(await groupOfStranger());
      const { mls } = letters['content'] as { mls: object };
      return { ...letters, content: { mls: { ...mls, deviceId } } };
    },
  },
  'sendChatSignal.conversationId': {
    thing: groupOfOwner,
    input: async (conversationId) => ({
      ...(await seatOfStranger()),
      payload: 'AAAA',
      conversationId,
    }),
  },
  'sendChatSignal.deviceId': {
    thing: deviceOfOwner,
    input: async (deviceId) => ({ ...(await seatOfStranger()), payload: 'AAAA', deviceId }),
  },
  'setDisappearingMessages.conversationId': {
    thing: groupOfOwner,
    input: (conversationId) => ({ conversationId, seconds: 60 }),
  },
  'createConversation.memberIds': {
    thing: pendingActor,
    input: (id) => ({ memberIds: [id], encryption: 'NONE' }),
  },
  'sendChatMessage.conversationId': {
    thing: ownConversation,
    input: (conversationId) => ({
      conversationId,
      clientMessageId: fresh('message'),
      content: { plaintext: 'x' },
    }),
  },
  'updateConversation.conversationId': {
    thing: ownConversation,
    input: (conversationId) => ({ conversationId, muted: true }),
  },
  'acknowledgeMessages.conversationId': {
    thing: ownConversation,
    input: (conversationId) => ({ conversationId, upToSequence: '1' }),
  },
  'deleteChatMessage.messageId': {
    thing: ownMessage,
    input: (messageId) => ({ messageId }),
  },
  'deleteCaptionTrack.mediaId': {
    thing: (scene) => ownVideo(scene),
    input: (mediaId) => ({ mediaId, kind: 'CAPTIONS', language: 'en' }),
  },
  'deletePlaylist.playlistId': {
    thing: (scene) => ownPlaylist(scene),
    input: (playlistId) => ({ playlistId }),
  },
  'deleteCollection.collectionId': {
    thing: (scene) => ownCollection(scene),
    input: (collectionId) => ({ collectionId }),
  },
  // Emoji are public: what is not to be known of them is only one that is not there.
  'deleteCustomEmoji.emojiId': {
    thing: noEmoji,
    input: (emojiId) => ({ emojiId }),
    caller: 'moderator',
  },
  'saveCustomEmoji.emojiId': {
    thing: noEmoji,
    input: (emojiId) => ({ emojiId, category: 'x' }),
    caller: 'moderator',
  },
  'saveCustomEmoji.mediaId': {
    thing: ({ cast }) => readyPicture(world, cast.owner, { purpose: 'EMOJI' }),
    input: (mediaId) => ({ shortcode: fresh('kite'), mediaId }),
    caller: 'moderator',
  },
  'deleteDomainRule.ruleId': {
    thing: () => Promise.resolve(toGlobalId('domainrule', newId(world.clock.now()))),
    input: (ruleId) => ({ ruleId }),
    caller: 'moderator',
  },
  'disputeSound.postId': { thing: recognisedVideo, input: (postId) => ({ postId }) },
  'remixVideo.clipId': {
    thing: ({ world: at, cast }) => readyVideo(at, cast.owner),
    input: async (clipId, scene) => ({
      clipId,
      remix: { duet: { postId: (await ownSound(scene)).postId } },
    }),
  },
  'remixVideo.remix.duet.postId': {
    thing: followersVideo,
    input: async (postId, { cast }) => ({
      clipId: await readyVideo(world, cast.stranger),
      remix: { duet: { postId } },
    }),
  },
  'remixVideo.remix.stitch.postId': {
    thing: followersVideo,
    input: async (postId, { cast }) => ({
      clipId: await readyVideo(world, cast.stranger),
      remix: { stitch: { postId } },
    }),
  },
  'remixVideo.remix.sound.soundId': {
    thing: async (scene) => (await ownSound(scene, 'FOLLOWERS')).soundId,
    input: async (soundId, { cast }) => ({
      clipId: await readyVideo(world, cast.stranger),
      remix: { sound: { soundId } },
    }),
  },
  'updateSound.soundId': {
    thing: async (scene) => (await ownSound(scene)).soundId,
    input: (soundId) => ({ soundId, title: 'x' }),
  },
  'deleteComment.commentId': { thing: hiddenComment, input: (commentId) => ({ commentId }) },
  'deleteDraft.draftId': { thing: ownDraft, input: (draftId) => ({ draftId }) },
  'deleteFilter.filterId': { thing: ownFilter, input: (filterId) => ({ filterId }) },
  'deleteList.listId': { thing: ownList, input: (listId) => ({ listId }) },
  'deleteStarterPack.starterPackId': {
    thing: (scene) => ownPack(scene),
    input: (starterPackId) => ({ starterPackId }),
  },
  'saveStarterPack.starterPackId': {
    thing: (scene) => ownPack(scene),
    input: (starterPackId) => ({ starterPackId, title: 'x' }),
  },
  'saveStarterPack.actorIds': {
    thing: pendingActor,
    input: (id) => ({ title: 'x', actorIds: [id] }),
  },
  'setInStarterPack.starterPackId': {
    thing: (scene) => ownPack(scene),
    input: (starterPackId, { cast }) => ({
      starterPackId,
      actorId: cast.stranger.actorGlobalId,
      included: true,
    }),
  },
  'setInStarterPack.actorId': {
    thing: pendingActor,
    input: async (actorId, scene) => ({
      starterPackId: await packOfStranger(scene),
      actorId,
      included: true,
    }),
  },
  'setStarterPackRefused.starterPackId': {
    thing: hiddenPack,
    input: (starterPackId) => ({ starterPackId, refused: true }),
  },
  'useStarterPack.starterPackId': {
    thing: hiddenPack,
    input: (starterPackId) => ({ starterPackId }),
  },
  // Of an own pack with nobody in it, so that its use leaves no trace.
  'useStarterPack.exceptActorIds': {
    thing: pendingActor,
    input: async (id, scene) => ({
      starterPackId: await packOfStranger(scene),
      exceptActorIds: [id],
    }),
    isPassedOver: true,
  },
  'deletePost.postId': { thing: followersPost, input: (postId) => ({ postId }) },
  'deleteHighlight.highlightId': {
    thing: ownHighlight,
    input: (highlightId) => ({ highlightId }),
  },
  'deleteStory.storyId': { thing: followersStory, input: (storyId) => ({ storyId }) },
  'deleteStoryAnswer.answerId': { thing: answerToOwner, input: (answerId) => ({ answerId }) },
  'detachQuote.postId': { thing: quoteOfOwner, input: (postId) => ({ postId }) },
  'followActor.actorId': ofActor(),
  'publishDraft.draftId': { thing: ownDraft, input: (draftId) => ({ draftId }) },
  // Places are public: what is not to be known of them is only one that is not there.
  'publishPhotoPost.common.placeId': {
    thing: noPlace,
    input: async (placeId, { world, cast }) => ({
      mediaIds: [await readyPicture(world, cast.stranger)],
      common: { ...common, placeId },
    }),
  },
  'importCustomEmoji.mediaId': {
    thing: ({ cast }) =>
      readyPicture(world, cast.owner, { purpose: 'EMOJI_ARCHIVE', kind: 'file' }),
    input: (mediaId) => ({ mediaId }),
    caller: 'admin',
  },
  'markNotificationsRead.ids': {
    thing: notification,
    input: (id) => ({ ids: [id] }),
    isPassedOver: true,
  },
  'markStoriesSeen.storyIds': {
    thing: followersStory,
    input: (id) => ({ storyIds: [id] }),
    isPassedOver: true,
  },
  'moveAccount.target.id': {
    thing: pendingActor,
    input: (id) => ({ target: { id }, password: WORLD_PASSWORD }),
  },
  'orderHighlights.highlightIds': {
    thing: ownHighlight,
    input: (id) => ({ highlightIds: [id] }),
  },
  'publishPhotoPost.common.quotedPostId': {
    thing: followersPost,
    input: async (quotedPostId, { world, cast }) => ({
      mediaIds: [await readyPicture(world, cast.stranger)],
      common: { ...common, quotedPostId },
    }),
  },
  'publishPhotoPost.tags.actorId': {
    thing: pendingActor,
    input: async (actorId, { world, cast }) => {
      const mediaId = await readyPicture(world, cast.stranger);
      return { mediaIds: [mediaId], tags: [{ ...middle, mediaId, actorId }], common };
    },
  },
  'publishPhotoPost.tags.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: async (mediaId, { world, cast }) => ({
      mediaIds: [await readyPicture(world, cast.stranger)],
      tags: [{ ...middle, mediaId, actorId: cast.stranger.actorGlobalId }],
      common,
    }),
  },
  'publishPhotoPost.mediaIds': {
    thing: (scene) => ownPicture(scene),
    input: (id) => ({ mediaIds: [id], common }),
  },
  'publishVideoPost.common.placeId': {
    thing: noPlace,
    input: async (placeId, { world, cast }) => ({
      mediaId: await readyVideo(world, cast.stranger),
      common: { ...common, placeId },
    }),
  },
  'publishVideoPost.common.quotedPostId': {
    thing: followersPost,
    input: async (quotedPostId, { world, cast }) => ({
      mediaId: await readyVideo(world, cast.stranger),
      common: { ...common, quotedPostId },
    }),
  },
  'publishVideoPost.tags.actorId': {
    thing: pendingActor,
    input: async (actorId, { world, cast }) => {
      const mediaId = await readyVideo(world, cast.stranger);
      return { mediaId, tags: [{ ...middle, mediaId, actorId }], common };
    },
  },
  'publishVideoPost.tags.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: async (mediaId, { world, cast }) => ({
      mediaId: await readyVideo(world, cast.stranger),
      tags: [{ ...middle, mediaId, actorId: cast.stranger.actorGlobalId }],
      common,
    }),
  },
  'publishVideoPost.mediaId': {
    thing: ({ world, cast }) => readyVideo(world, cast.owner),
    input: (mediaId) => ({ mediaId, common }),
  },
  'publishStory.mediaId': {
    thing: (scene) => ownPicture(scene, 'STORY'),
    input: (mediaId) => ({ mediaId }),
  },
  'publishStory.stickers.content.mentionedActorId': {
    thing: pendingActor,
    input: (mentionedActorId) => storyWith({ mentionedActorId }),
  },
  'publishStory.stickers.content.placeId': {
    thing: noPlace,
    input: (placeId) => storyWith({ placeId }),
  },
  'removeFollower.actorId': ofActor(),
  'removePushTarget.targetId': { thing: ownPushTarget, input: (targetId) => ({ targetId }) },
  'report.actorId': ofActor({ category: 'SPAM' }),
  'report.messages.conversationId': {
    thing: groupOfOwner,
    input: (conversationId, { cast }) => ({
      actorId: cast.owner.actorGlobalId,
      category: 'SPAM',
      messages: [claimIn(conversationId)],
    }),
  },
  'report.ruleIds': {
    thing: removedRule,
    input: (id, { cast }) => ({
      actorId: cast.owner.actorGlobalId,
      category: 'RULE_VIOLATION',
      ruleIds: [id],
    }),
  },
  'report.subjectIds': {
    thing: followersPost,
    input: (id, { cast }) => ({
      actorId: cast.owner.actorGlobalId,
      category: 'SPAM',
      subjectIds: [id],
    }),
  },
  'resolveReport.assigneeId': {
    thing: ({ cast }) => Promise.resolve(cast.stranger.actorGlobalId),
    input: async (assigneeId, scene) => ({
      reportId: await ownReport(scene),
      status: 'ASSIGNED',
      assigneeId,
    }),
    caller: 'moderator',
  },
  'resolveReport.reportId': {
    thing: () => Promise.resolve(toGlobalId('report', newId(world.clock.now()))),
    input: (reportId) => ({ reportId, status: 'DISMISSED' }),
    caller: 'moderator',
  },
  'respondToFollowRequest.actorId': ofActor({ accept: true }),
  'respondToNotificationRequest.requestId': {
    thing: notificationRequest,
    input: (requestId) => ({ requestId, accept: true }),
  },
  'respondToTag.tagId': { thing: tagOfOwner, input: (tagId) => ({ tagId, approved: true }) },
  'revokeInvite.inviteId': { thing: ownInvite, input: (inviteId) => ({ inviteId }) },
  'revokePersonalAccessToken.tokenId': { thing: ownToken, input: (tokenId) => ({ tokenId }) },
  'revokeSession.sessionId': { thing: ownSession, input: (sessionId) => ({ sessionId }) },
  'saveBookmarkFolder.folderId': {
    thing: ownFolder,
    input: (folderId) => ({ folderId, title: 'x' }),
  },
  'removeFromPlaybackHistory.postId': { thing: watchedPost, input: (postId) => ({ postId }) },
  'recordPlayback.entries.postId': {
    thing: followersPost,
    input: (postId) => ({ entries: [{ postId, watchedMs: 2000 }] }),
    isPassedOver: true,
  },
  'saveCaptionTrack.mediaId': {
    thing: (scene) => ownVideo(scene),
    input: (mediaId) => ({ mediaId, kind: 'CAPTIONS', language: 'en', content: webVtt('x') }),
  },
  'savePlaylist.playlistId': {
    thing: (scene) => ownPlaylist(scene),
    input: (playlistId) => ({ playlistId, title: 'x' }),
  },
  'savePlaylist.postIds': {
    thing: followersVideo,
    input: (id) => ({ title: 'x', postIds: [id] }),
  },
  'saveCollection.collectionId': {
    thing: (scene) => ownCollection(scene),
    input: (collectionId) => ({ collectionId, title: 'x' }),
  },
  'saveCollection.postIds': {
    thing: followersPost,
    input: (id) => ({ title: 'x', postIds: [id] }),
  },
  'saveDraft.common.placeId': {
    thing: noPlace,
    input: (placeId) => ({ common: { placeId } }),
  },
  'saveDraft.common.quotedPostId': {
    thing: followersPost,
    input: (quotedPostId) => ({ common: { quotedPostId } }),
  },
  'saveDraft.draftId': {
    thing: ownDraft,
    input: (draftId) => ({ draftId, common: { caption: 'x' } }),
  },
  'saveDraft.mediaIds': {
    thing: (scene) => ownPicture(scene),
    input: (id) => ({ mediaIds: [id] }),
  },
  'saveDraft.tags.actorId': {
    thing: pendingActor,
    input: async (actorId, { world, cast }) => {
      const mediaId = await readyPicture(world, cast.stranger);
      return { mediaIds: [mediaId], tags: [{ ...middle, mediaId, actorId }] };
    },
    isAskedLater: true,
  },
  'saveDraft.tags.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: (mediaId, { cast }) => ({
      tags: [{ ...middle, mediaId, actorId: cast.stranger.actorGlobalId }],
    }),
  },
  'saveFilter.filterId': { thing: ownFilter, input: (filterId) => ({ filterId, title: 'x' }) },
  'saveList.addActorIds': {
    thing: pendingActor,
    input: (id) => ({ title: 'x', addActorIds: [id] }),
  },
  'saveList.listId': { thing: ownList, input: (listId) => ({ listId, title: 'x' }) },
  'saveList.removeActorIds': {
    thing: pendingActor,
    input: async (id, scene) => ({
      listId: await ownList({ ...scene, cast: { ...scene.cast, owner: scene.cast.stranger } }),
      removeActorIds: [id],
    }),
    isPassedOver: true,
  },
  'saveHighlight.coverStoryId': {
    thing: followersStory,
    input: (coverStoryId) => ({ title: 'x', coverStoryId }),
  },
  'saveHighlight.highlightId': {
    thing: ownHighlight,
    input: (highlightId) => ({ highlightId, title: 'x' }),
  },
  'saveHighlight.storyIds': {
    thing: followersStory,
    input: (id) => ({ title: 'x', storyIds: [id] }),
  },
  'setAccountAlias.alias.id': {
    thing: pendingActor,
    input: (id) => ({ alias: { id }, present: true }),
  },
  'setAccountRedirect.target.id': {
    thing: pendingActor,
    input: (id) => ({ target: { id }, password: WORLD_PASSWORD }),
  },
  'setBlock.actorId': ofActor({ blocked: true }),
  'setCloseFriend.actorId': ofActor({ closeFriend: true }),
  'setInPlaylist.playlistId': {
    thing: (scene) => ownPlaylist(scene),
    input: async (playlistId, { world, cast }) => ({
      playlistId,
      postId: (await publishVideo(world, cast.stranger)).postId,
      included: true,
    }),
  },
  'setInPlaylist.postId': {
    thing: followersVideo,
    input: async (postId, scene) => ({
      playlistId: await ownPlaylist({
        ...scene,
        cast: { ...scene.cast, owner: scene.cast.stranger },
      }),
      postId,
      included: true,
    }),
  },
  'setInCollection.collectionId': {
    thing: (scene) => ownCollection(scene),
    input: async (collectionId, { world, cast }) => ({
      collectionId,
      postId: await publish(world, cast.stranger),
      included: true,
    }),
  },
  'setInCollection.postId': {
    thing: followersPost,
    input: async (postId, scene) => ({
      collectionId: await ownCollection({
        ...scene,
        cast: { ...scene.cast, owner: scene.cast.stranger },
      }),
      postId,
      included: true,
    }),
  },
  'setMute.actorId': ofActor({ muted: true }),
  'setPostArchived.postId': {
    thing: followersPost,
    input: (postId) => ({ postId, archived: true }),
  },
  'setPostPinned.postId': { thing: followersPost, input: (postId) => ({ postId, pinned: true }) },
  'setReaction.subjectId': {
    thing: hiddenComment,
    input: (subjectId) => ({ subjectId, content: '❤' }),
  },
  'setBookmark.folderId': {
    thing: ownFolder,
    input: async (folderId, { world, cast }) => ({
      postId: await publish(world, cast.follower),
      bookmarked: true,
      folderId,
    }),
  },
  'setBookmark.postId': { thing: followersPost, input: (postId) => ({ postId, bookmarked: true }) },
  'setCommentHidden.commentId': {
    thing: commentToOwner,
    input: (commentId) => ({ commentId, hidden: true }),
  },
  'setCommentPinned.commentId': {
    thing: commentToOwner,
    input: (commentId) => ({ commentId, pinned: true }),
  },
  'setRepost.postId': { thing: followersPost, input: (postId) => ({ postId, reposted: true }) },
  'setStoryReaction.storyId': {
    thing: followersStory,
    input: (storyId) => ({ storyId, content: '❤' }),
  },
  'setRole.actorId': {
    thing: remoteActor,
    input: (actorId) => ({ actorId, role: 'CURATOR' }),
    caller: 'admin',
  },
  'setTimelineMarker.timeline.hashtagId': {
    thing: hiddenHashtag,
    input: (hashtagId) => ({ timeline: { hashtagId }, cursor: someCursor() }),
  },
  'setTimelineMarker.timeline.listId': {
    thing: ownList,
    input: (listId) => ({ timeline: { listId }, cursor: someCursor() }),
  },
  'setTimelineMarker.timeline.placeId': {
    thing: noPlace,
    input: (placeId) => ({ timeline: { placeId }, cursor: someCursor() }),
  },
  'takeModerationAction.reportIds': {
    thing: ownReport,
    input: (id, { cast }) => ({ ...act, targetId: cast.owner.actorGlobalId, reportIds: [id] }),
    caller: 'moderator',
  },
  'takeModerationAction.ruleIds': {
    thing: removedRule,
    input: (id, { cast }) => ({ ...act, targetId: cast.owner.actorGlobalId, ruleIds: [id] }),
    caller: 'moderator',
  },
  'takeModerationAction.subjectIds': {
    thing: followersPost,
    input: (id, { cast }) => ({ ...act, targetId: cast.stranger.actorGlobalId, subjectIds: [id] }),
    caller: 'moderator',
  },
  'takeModerationAction.targetId': {
    thing: () => Promise.resolve(toGlobalId('actor', newId(world.clock.now()))),
    input: (targetId) => ({ ...act, targetId }),
    caller: 'moderator',
  },
  'unfollowActor.actorId': ofActor(),
  'updateComment.commentId': {
    thing: hiddenComment,
    input: (commentId) => ({ commentId, content: 'x' }),
  },
  'updateInstance.rules.id': {
    thing: removedRule,
    input: (id) => ({ rules: [{ id, text: 'Be kind.' }] }),
    caller: 'admin',
  },
  'retryMedia.mediaId': {
    thing: (scene) => failedFile(scene),
    input: (mediaId) => ({ mediaId }),
  },
  'setVideoPoster.mediaId': {
    thing: (scene) => ownVideo(scene),
    input: (mediaId) => ({ mediaId, posterAtMs: 0 }),
  },
  'setVideoPoster.posterMediaId': {
    thing: (scene) => ownPicture(scene),
    input: async (posterMediaId, { world, cast }) => ({
      mediaId: await readyVideo(world, cast.stranger),
      posterMediaId,
    }),
  },
  'updateMedia.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: (mediaId) => ({ mediaId, altText: 'x' }),
  },
  'updatePost.mediaIds': {
    thing: (scene) => ownPicture(scene),
    input: async (id, { world, cast }) => ({
      postId: await publish(world, cast.stranger),
      mediaIds: [id],
    }),
  },
  'updatePost.placeId': {
    thing: noPlace,
    input: async (placeId, { world, cast }) => ({
      postId: await publish(world, cast.stranger),
      placeId,
    }),
  },
  'updatePost.postId': { thing: followersPost, input: (postId) => ({ postId, caption: 'x' }) },
  'updatePost.tags.actorId': {
    thing: pendingActor,
    input: async (actorId, { world, cast }) => {
      const mediaId = await readyPicture(world, cast.stranger);
      const postId = await publish(world, cast.stranger);
      return { postId, mediaIds: [mediaId], tags: [{ ...middle, mediaId, actorId }] };
    },
  },
  'updatePost.tags.mediaId': {
    thing: (scene) => ownPicture(scene),
    input: async (mediaId, { world, cast }) => ({
      postId: await publish(world, cast.stranger),
      tags: [{ ...middle, mediaId, actorId: cast.stranger.actorGlobalId }],
    }),
  },
  'updateProfile.avatarMediaId': {
    thing: (scene) => ownPicture(scene, 'AVATAR'),
    input: (avatarMediaId) => ({ avatarMediaId }),
  },
  'updateProfile.headerMediaId': {
    thing: (scene) => ownPicture(scene, 'HEADER'),
    input: (headerMediaId) => ({ headerMediaId }),
  },
};

const schema = await buildAppSchema();
let world: World;
let scene: Scene;

beforeAll(async () => {
  world = await startWorld();
  scene = { world, cast: await newCast(world) };
}, 600_000);

afterAll(() => world[Symbol.asyncDispose]());

test('the table has every field of every mutation that takes an id', () => {
  const mutations = Object.values(schema.getMutationType()!.getFields());
  const fields = mutations.flatMap(({ name, args }) =>
    args.flatMap(({ type }) => idFields(type, name)),
  );
  expect(Object.keys(FOREIGN).sort()).toEqual(fields.sort());
});

function idFields(type: GraphQLInputType, path: string): string[] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [path];
  if (!isInputObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    idFields(field.type, `${path}.${field.name}`),
  );
}

test.each(Object.entries(FOREIGN))(
  'G19 %s tells nothing about what is not the caller’s',
  async (field, { thing, input, isPassedOver, isAskedLater, caller = 'stranger' }) => {
    const [mutation, ...path] = field.split('.');
    const foreign = await thing(scene);
    const { kind } = parseGlobalId(foreign)!;
    if (isAskedLater) return expectKept(mutation!, input, [foreign, unknownOf(kind)]);
    const answers = [];
    for (const id of [
      foreign,
      unknownOf(kind),
      toGlobalId('other', newId(world.clock.now())),
      'nonsense',
    ]) {
      answers.push(await refusal(scene.cast[caller], mutation!, await input(id, scene)));
    }
    const [first, ...others] = answers;
    expect(first).toEqual({
      __typename: expect.any(String),
      userErrors: isPassedOver
        ? []
        : [
            {
              __typename: 'GenericError',
              code: 'NOT_FOUND',
              message: 'Not found.',
              path: expect.any(Array),
            },
          ],
    });
    const told = (first as { userErrors: { path: string[] }[] }).userErrors[0]?.path ?? path;
    expect(told.filter((step) => !/^\d+$/.test(step))).toEqual(path);
    for (const other of others) expect(other).toEqual(first);
  },
);

const unknownOf = (kind: string): string => toGlobalId(kind, newId(world.clock.now()));

async function expectKept(
  mutation: string,
  input: ForeignId['input'],
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) await done(scene.cast.stranger, mutation, await input(id, scene));
}

/** The payload of a mutation that must leave no trace. */
async function refusal(who: Person, mutation: string, input: object): Promise<unknown> {
  const before = await footprint(world.services.database);
  const answer = await who.graphql(mutationDocument(mutation), { input });
  expect(answer.errors).toBeUndefined();
  expect(changedTables(before, await footprint(world.services.database))).toEqual([]);
  return answer.data[mutation];
}

function packOfStranger(at: Scene): Promise<string> {
  return ownPack({ ...at, cast: { ...at.cast, owner: at.cast.stranger } });
}

/** A starter pack of somebody who blocks the stranger. */
async function hiddenPack(at: Scene): Promise<string> {
  const owner = await newcomer(at);
  await block(world, owner, at.cast.stranger);
  return ownPack({ ...at, cast: { ...at.cast, owner } });
}

async function hiddenHashtag({ cast }: Scene): Promise<string> {
  await publish(world, cast.owner, { visibility: 'FOLLOWERS', caption: '#onlyfollowers' });
  const answer = await cast.owner.graphql<{ hashtag: { id: string } }>(
    '{ hashtag(name: "onlyfollowers") { id } }',
  );
  return answer.data.hashtag.id;
}

/** A story of the stranger. */
async function storyWith(content: object): Promise<object> {
  const mediaId = await readyPicture(world, scene.cast.stranger, { purpose: 'STORY' });
  return { mediaId, stickers: [{ x: 0.5, y: 0.5, content }] };
}

const newGroup = { mlsGroupId: Buffer.alloc(32, 7).toString('base64') };

async function groupOfOwner(at: Scene): Promise<string> {
  return (await ownGroup(at)).conversationId;
}

/** A group of the stranger, always the same. */
function groupOfStranger(): Promise<OwnGroup> {
  strangersGroup ??= ownGroup(
    { ...scene, cast: { ...scene.cast, owner: scene.cast.stranger } },
    true,
  );
  return strangersGroup;
}

let strangersGroup: Promise<OwnGroup> | null = null;

async function seatOfStranger(): Promise<{ conversationId: string; deviceId: string }> {
  const { conversationId, device } = await groupOfStranger();
  return { conversationId, deviceId: device.id };
}

async function deviceOfOwner(at: Scene): Promise<string> {
  return (await ownDevice(at)).id;
}

function noEmoji(): Promise<string> {
  return Promise.resolve(toGlobalId('emoji', newId(world.clock.now())));
}

function noPlace(): Promise<string> {
  return Promise.resolve(toGlobalId('place', newId(world.clock.now())));
}

async function removedRule({ cast }: Scene): Promise<string> {
  await done(cast.admin, 'updateInstance', { rules: [{ text: 'Be kind.' }] });
  const { data } = await cast.admin.graphql<{ instance: { rules: { id: string }[] } }>(
    '{ instance { rules { id } } }',
  );
  await done(cast.admin, 'updateInstance', { rules: [] });
  return data.instance.rules[0]!.id;
}
