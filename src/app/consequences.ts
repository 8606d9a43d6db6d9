/** THE TABLE: when this happened, these jobs follow. Each row is a job of its own, enqueued with its cause. */
import {
  chatDeviceNamed,
  chatDeviceReady,
  chatDeviceRegistered,
  chatDeviceRevoked,
} from '../devices/devices.events.js';
import { catchUpWithHub } from '../chat/jobs/catch-up-mirror.job.js';
import { openMirrorHere } from '../chat/jobs/open-mirror.job.js';
import { tellHub } from '../chat/jobs/run-hub-errands.job.js';
import { leaveConversationsWithDevice } from '../chat/jobs/leave-with-device.job.js';
import {
  chatEnvelopeAccepted,
  chatMessageDeleted,
  chatMessageSent,
  conversationOffered,
  hubErrandDue,
  mirrorBehind,
  serversBehind,
} from '../chat/chat.events.js';
import { emojiImportRequested } from '../emojis/emojis.events.js';
import { takeInEmojis } from '../emojis/jobs/take-in-emojis.job.js';
import { processUpload } from '../media/jobs/process-upload.job.js';
import { addAv1 } from '../media/jobs/add-av1.job.js';
import { writeCaptions } from '../media/jobs/write-captions.job.js';
import { takePoster } from '../media/jobs/take-poster.job.js';
import { processVideo } from '../media/jobs/process-video.job.js';
import { removeMedia } from '../media/jobs/remove-media.job.js';
import {
  captionsChanged,
  mediaDescribed,
  posterChanged,
  posterChosen,
  soundStored,
  videoMade,
  mediaFailed,
  mediaReleased,
  remoteMediaFound,
  uploadReceived,
} from '../media/media.events.js';
import {
  accountActivated,
  accountRegistered,
  emailChangeRequested,
  emailVerificationRequested,
  passwordChanged,
  passwordResetRequested,
  registrationDecided,
} from '../accounts/accounts.events.js';
import { partFromDomain } from '../actors/jobs/part-from-domain.job.js';
import { followInviter } from '../accounts/jobs/follow-inviter.job.js';
import { sendEmailChangeNotice } from '../accounts/jobs/send-email-change-notice.job.js';
import { sendChatDeviceNotice } from '../devices/jobs/send-chat-device-notice.job.js';
import { sendPasswordChangedNotice } from '../accounts/jobs/send-password-changed-notice.job.js';
import { sendPasswordResetMail } from '../accounts/jobs/send-password-reset-mail.job.js';
import { sendRegistrationDecision } from '../accounts/jobs/send-registration-decision.job.js';
import { sendVerificationMail } from '../accounts/jobs/send-verification-mail.job.js';
import {
  actorBlocked,
  actorMoved,
  actorUnblocked,
  domainBlocked,
  domainRulesChanged,
  followAccepted,
  followEnded,
  followRequested,
  followRequestEnded,
  profileUpdated,
  remoteActorGone,
  remoteActorLookedAt,
} from '../actors/actors.events.js';
import {
  commentAdded,
  commentLetIn,
  commentDeleted,
  commentUpdated,
  linkPosted,
  personTagged,
  postArchived,
  postQuoted,
  quoteDetached,
  postDeleted,
  postPinSet,
  postFound,
  postPublished,
  postReposted,
  postUnarchived,
  postUpdated,
  reactionSet,
  remotePostLookedAt,
  repostFound,
  repostEnded,
} from '../posts/posts.events.js';
import { draftFailed } from '../posts/drafts.events.js';
import { sendModerationNotice } from '../moderation/jobs/send-moderation-notice.job.js';
import { gatherFollows } from '../notifications/jobs/gather-follows.job.js';
import { forgetGoneActor } from '../notifications/jobs/forget-gone-actor.job.js';
import { forgetRepost } from '../notifications/jobs/forget-repost.job.js';
import { gatherReposts } from '../notifications/jobs/gather-reposts.job.js';
import { gatherReactions } from '../notifications/jobs/gather-reactions.job.js';
import { sendPushes } from '../notifications/jobs/send-pushes.job.js';
import { notificationsReceived } from '../notifications/notifications.events.js';
import { notifyAddressed } from '../notifications/jobs/notify-addressed.job.js';
import { notifyFollowers } from '../notifications/jobs/notify-followers.job.js';
import { notifyOne } from '../notifications/jobs/notify-one.job.js';
import { notifyOfAcceptedFollow } from '../notifications/jobs/notify-of-accepted-follow.job.js';
import { notifyOfFailedDraft } from '../notifications/jobs/notify-of-failed-draft.job.js';
import { notifyOfFailedMedia } from '../notifications/jobs/notify-of-failed-media.job.js';
import { notifyOfFollowRequest } from '../notifications/jobs/notify-of-follow-request.job.js';
import { withdrawEndedFollow } from '../notifications/jobs/withdraw-ended-follow.job.js';
import { withdrawReaction } from '../notifications/jobs/withdraw-reaction.job.js';
import { detachQuotes } from '../posts/jobs/detach-quotes.job.js';
import { dropTags } from '../posts/jobs/drop-tags.job.js';
import { hideComments } from '../posts/jobs/hide-comments.job.js';
import { tellOfVideo } from '../posts/jobs/tell-of-video.job.js';
import { fetchLinkPreview } from '../posts/jobs/fetch-link-preview.job.js';
import { detachRemixes } from '../sounds/jobs/detach-remixes.job.js';
import { renderRemix } from '../sounds/jobs/render-remix.job.js';
import { withdrawOriginal } from '../sounds/jobs/withdraw-original.job.js';
import { playbackForgotten } from '../playback/playback.events.js';
import { forgetWatched } from '../feeds/jobs/forget-watched.job.js';
import { remixRequested, videoRemixed } from '../sounds/sounds.events.js';
import { forgetSound } from '../sounds/jobs/forget-sound.job.js';
import { keepSound } from '../sounds/jobs/keep-sound.job.js';
import { indexAuthor } from '../search/jobs/index-author.job.js';
import { indexDescribedMedia } from '../search/jobs/index-described-media.job.js';
import { indexPost } from '../search/jobs/index-post.job.js';
import { backfillHashtag } from '../timelines/jobs/backfill-hashtag.job.js';
import { emptyHashtag } from '../timelines/jobs/empty-hashtag.job.js';
import { hashtagFollowed, hashtagUnfollowed } from '../timelines/timelines.events.js';
import { backfillHome } from '../timelines/jobs/backfill-home.job.js';
import { emptyHome } from '../timelines/jobs/empty-home.job.js';
import { fanOutHashtags } from '../timelines/jobs/fan-out-hashtags.job.js';
import { fanOutPost } from '../timelines/jobs/fan-out-post.job.js';
import { fanOutRepost } from '../timelines/jobs/fan-out-repost.job.js';
import { withdrawPost } from '../timelines/jobs/withdraw-post.job.js';
import { withdrawRepost } from '../timelines/jobs/withdraw-repost.job.js';
import { sendDeletionLetter } from '../portability/jobs/send-deletion-letter.job.js';
import { eraseAccount } from '../portability/jobs/erase-account.job.js';
import { moveFollowers } from '../portability/jobs/move-followers.job.js';
import { applyImport } from '../portability/jobs/apply-import.job.js';
import { writeExport } from '../portability/jobs/write-export.job.js';
import {
  accountClosed,
  accountErased,
  accountDeletionDue,
  exportReady,
  exportRequested,
  importRequested,
} from '../portability/portability.events.js';
import { moderationActionTaken, reportForwarded } from '../moderation/moderation.events.js';
import { forgetStoryAnswer } from '../notifications/jobs/forget-story-answer.job.js';
import { forgetStoryReaction } from '../notifications/jobs/forget-story-reaction.job.js';
import { gatherStoryReactions } from '../notifications/jobs/gather-story-reactions.job.js';
import { notifyMentionedInStory } from '../notifications/jobs/notify-mentioned-in-story.job.js';
import { notifyOfStarterPack } from '../notifications/jobs/notify-of-starter-pack.job.js';
import { followPack } from '../starterpacks/jobs/follow-pack.job.js';
import { starterPackExtended, starterPackUsed } from '../starterpacks/starter-packs.events.js';
import { notifyOfStoryAnswer } from '../notifications/jobs/notify-of-story-answer.job.js';
import {
  storyAnswerDeleted,
  storyAnswered,
  storyPublished,
  storyReactionSet,
} from '../stories/stories.events.js';
import {
  activitiesReceived,
  activityApart,
  deliveriesDue,
  followersDiffered,
  keysRotated,
  noteWaiting,
  remoteActorNoticed,
  approvalReceived,
  replyApproved,
} from '../federation/federation.events.js';
import { fetchRemoteMedia } from '../media/jobs/fetch-remote-media.job.js';
import { applyDomainRules } from '../federation/jobs/apply-domain-rules.job.js';
import { fetchOutboxOf } from '../federation/jobs/fetch-outbox.job.js';
import { fetchRepliesOf } from '../federation/jobs/fetch-replies.job.js';
import { fetchParent } from '../federation/jobs/fetch-parent.job.js';
import { askForNamedDevices } from '../federation/jobs/ask-for-named-devices.job.js';
import { compareFollowers } from '../federation/jobs/compare-followers.job.js';
import { SLICES } from '../federation/delivery-slices.js';
import { deliverDue } from '../federation/jobs/deliver-due.job.js';
import { eraseRemoteActor } from '../federation/jobs/erase-remote-actor.job.js';
import { federateBlock } from '../federation/jobs/federate-block.job.js';
import { federateDeparture } from '../federation/jobs/federate-departure.job.js';
import { federateDraftMessage } from '../federation/jobs/federate-draft-message.job.js';
import { federateConversation } from '../federation/jobs/federate-conversation.job.js';
import { federateMessage } from '../federation/jobs/federate-message.job.js';
import { federateFollow } from '../federation/jobs/federate-follow.job.js';
import { federatePin } from '../federation/jobs/federate-pin.job.js';
import { federateMove } from '../federation/jobs/federate-move.job.js';
import { approveCommentLetIn } from '../federation/jobs/approve-comment.job.js';
import { federatePost } from '../federation/jobs/federate-post.job.js';
import { federateProfile } from '../federation/jobs/federate-profile.job.js';
import { federateDetachedQuote, federateQuote } from '../federation/jobs/federate-quote.job.js';
import { federateReaction } from '../federation/jobs/federate-reaction.job.js';
import { federateRepost } from '../federation/jobs/federate-repost.job.js';
import { fetchFeaturedPosts } from '../federation/jobs/fetch-featured-posts.job.js';
import { forwardReport } from '../federation/jobs/forward-report.job.js';
import { receiveTogether } from '../federation/jobs/receive-together.job.js';
import { receiveActivity } from '../federation/jobs/receive-activity.job.js';
import { then, when, type ConsequencesOf } from '../platform/journal/consequences.js';

/** Every consequence of every event. */
export const CONSEQUENCES: readonly ConsequencesOf[] = [
  when(activitiesReceived, [then(receiveTogether, () => ({}))]),
  when(activityApart, [
    then(receiveActivity, ({ receivedId, actorId }) => ({ receivedId, actorId })),
  ]),
  when(chatMessageSent, [
    then(federateMessage, ({ messageId, conversationId }) => ({ messageId, conversationId })),
  ]),
  when(chatEnvelopeAccepted, [
    then(
      federateDraftMessage,
      ({ messageId, conversationId }) => ({ messageId, conversationId }),
      ({ isToldToEach }) => isToldToEach,
    ),
  ]),
  when(chatDeviceNamed, [then(askForNamedDevices, ({ actorId }) => ({ actorId, round: 0 }))]),
  when(chatDeviceReady, [then(federateProfile, ({ actorId }) => ({ actorId }))]),
  when(chatDeviceRegistered, [then(sendChatDeviceNotice, ({ deviceId }) => ({ deviceId }))]),
  when(chatDeviceRevoked, [
    then(leaveConversationsWithDevice, ({ deviceId }) => ({ deviceId })),
    then(federateProfile, ({ actorId }) => ({ actorId })),
  ]),
  when(mirrorBehind, [then(catchUpWithHub, ({ conversationId }) => ({ conversationId }))]),
  when(conversationOffered, [then(openMirrorHere, ({ uri, sequence }) => ({ uri, sequence }))]),
  when(hubErrandDue, [then(tellHub, ({ conversationId }) => ({ conversationId }))]),
  when(serversBehind, [
    then(federateConversation, ({ conversationId, isStateNew }) => ({
      conversationId,
      isStateNew,
    })),
  ]),
  when(chatMessageDeleted, [
    then(federateMessage, ({ messageId, conversationId }) => ({ messageId, conversationId })),
  ]),
  when(remoteActorGone, [
    then(eraseRemoteActor, ({ actorId }) => ({ actorId })),
    then(forgetGoneActor, ({ actorId }) => ({ actorId })),
  ]),
  when(domainRulesChanged, [then(applyDomainRules, ({ domain }) => ({ domain }))]),
  when(remotePostLookedAt, [then(fetchRepliesOf, ({ postId }) => ({ postId }))]),
  when(remoteActorLookedAt, [then(fetchOutboxOf, ({ actorId }) => ({ actorId }))]),
  when(noteWaiting, [then(fetchParent, ({ parentUri }) => ({ uri: parentUri }))]),
  when(reportForwarded, [then(forwardReport, ({ reportId }) => ({ reportId }))]),
  when(domainBlocked, [then(partFromDomain, ({ actorId, domain }) => ({ actorId, domain }))]),
  when(
    deliveriesDue,
    SLICES.map((slice) =>
      then(
        deliverDue,
        () => ({ slice }),
        ({ slices }) => slices.includes(slice),
      ),
    ),
  ),
  when(followersDiffered, [then(compareFollowers, ({ actorId, url }) => ({ actorId, url }))]),
  when(remoteActorNoticed, [
    then(fetchFeaturedPosts, ({ actorId }) => ({ actorId })),
    then(fetchOutboxOf, ({ actorId }) => ({ actorId })),
  ]),
  when(postPinSet, [
    then(federatePin, ({ postId, authorId, isPinned }) => ({ postId, authorId, isPinned })),
  ]),
  when(actorMoved, [
    then(federateMove, ({ moveId, actorId, targetId }) => ({ moveId, actorId, targetId })),
    then(moveFollowers, ({ moveId, actorId, targetId }) => ({ moveId, actorId, targetId })),
  ]),
  when(actorUnblocked, [
    then(federateBlock, ({ blockerId, blockedId }) => ({ blockerId, blockedId })),
  ]),
  when(actorBlocked, [
    then(federateBlock, ({ blockerId, blockedId }) => ({ blockerId, blockedId })),
    then(dropTags, ({ blockerId, blockedId }) => ({ blockerId, blockedId })),
    then(detachQuotes, ({ blockerId, blockedId }) => ({ blockerId, blockedId })),
    then(detachRemixes, ({ blockerId, blockedId }) => ({ blockerId, blockedId })),
    then(hideComments, ({ blockerId, blockedId }) => ({ blockerId, blockedId })),
  ]),
  // A follow from elsewhere that nobody had to agree to is accepted where it comes in.
  when(followAccepted, [
    then(
      federateFollow,
      ({ followerId, followeeId }) => ({ followerId, followeeId, news: 'ACCEPTED' as const }),
      ({ wasRequested, isFollowerRemote }) => wasRequested && isFollowerRemote,
    ),
    then(
      backfillHome,
      ({ followerId, followeeId }) => ({ followerId, followeeId }),
      ({ isFollowerRemote }) => !isFollowerRemote,
    ),
    then(
      gatherFollows,
      ({ followeeId }) => ({ followeeId }),
      ({ wasRequested }) => !wasRequested,
    ),
    then(
      notifyOfAcceptedFollow,
      ({ followerId, followeeId }) => ({ followerId, followeeId }),
      ({ wasRequested }) => wasRequested,
    ),
  ]),
  when(followRequested, [
    then(federateFollow, (pair) => ({ ...pair, news: 'REQUESTED' as const })),
    then(notifyOfFollowRequest, ({ followerId, followeeId }) => ({ followerId, followeeId })),
  ]),
  when(followRequestEnded, [
    then(federateFollow, (pair) => ({ ...pair, news: 'ENDED' as const })),
    then(withdrawEndedFollow, ({ followerId, followeeId }) => ({ followerId, followeeId })),
  ]),
  when(followEnded, [
    then(federateFollow, (pair) => ({ ...pair, news: 'ENDED' as const })),
    then(emptyHome, ({ followerId, followeeId }) => ({ followerId, followeeId })),
    then(withdrawEndedFollow, ({ followerId, followeeId }) => ({ followerId, followeeId })),
  ]),
  when(postDeleted, [
    then(federatePost, ({ postId }) => ({ subjectId: postId, news: 'GONE' as const })),
    then(withdrawPost, ({ postId }) => ({ postId })),
    then(forgetSound, ({ postId }) => ({ postId })),
    then(withdrawOriginal, ({ postId }) => ({ postId })),
    then(indexPost, ({ postId }) => ({ postId })),
  ]),
  when(playbackForgotten, [then(forgetWatched, ({ actorId }) => ({ actorId }))]),
  when(remixRequested, [then(renderRemix, ({ mediaId }) => ({ mediaId }))]),
  // A sound that is taken is told by its page alone.
  when(videoRemixed, [
    then(
      notifyOne,
      ({ postId, authorId, originalAuthorId }) => ({
        recipientId: originalAuthorId,
        kind: 'REMIX' as const,
        groupKey: postId,
        actorId: authorId,
        postId,
      }),
      ({ kind }) => kind !== 'SOUND',
    ),
  ]),
  when(postArchived, [
    then(withdrawOriginal, ({ postId }) => ({ postId })),
    then(indexPost, ({ postId }) => ({ postId })),
    then(federatePost, ({ postId }) => ({ subjectId: postId, news: 'GONE' as const })),
  ]),
  when(profileUpdated, [
    then(indexAuthor, ({ actorId }) => ({ actorId })),
    then(federateProfile, ({ actorId }) => ({ actorId })),
  ]),
  when(keysRotated, [then(federateProfile, ({ actorId }) => ({ actorId }))]),
  when(posterChosen, [then(takePoster, ({ mediaId }) => ({ mediaId }))]),
  when(posterChanged, [then(tellOfVideo, ({ mediaId }) => ({ mediaId }))]),
  when(videoMade, [then(addAv1, ({ mediaId }) => ({ mediaId }))]),
  when(soundStored, [then(writeCaptions, ({ mediaId }) => ({ mediaId }))]),
  when(captionsChanged, [then(tellOfVideo, ({ mediaId }) => ({ mediaId }))]),
  when(mediaDescribed, [then(indexDescribedMedia, ({ mediaId }) => ({ mediaId }))]),
  // Whoever began to follow meanwhile has no entry of it.
  when(postUnarchived, [
    then(federatePost, ({ postId }) => ({ subjectId: postId, news: 'BACK' as const })),
    then(fanOutPost, ({ postId }) => ({ postId })),
    then(indexPost, ({ postId }) => ({ postId })),
  ]),
  when(postPublished, [
    then(federatePost, ({ postId }) => ({ subjectId: postId, news: 'CREATED' as const })),
    then(indexPost, ({ postId }) => ({ postId })),
    then(fanOutPost, ({ postId }) => ({ postId })),
    then(notifyAddressed, ({ postId }) => ({ subjectId: postId })),
    then(notifyFollowers, ({ postId }) => ({ postId })),
    then(
      keepSound,
      ({ postId }) => ({ postId }),
      ({ kind }) => kind === 'video',
    ),
  ]),
  when(postFound, [
    then(indexPost, ({ postId }) => ({ postId })),
    then(fanOutPost, ({ postId }) => ({ postId, isQuiet: true })),
  ]),
  when(postUpdated, [
    then(federatePost, ({ postId }) => ({ subjectId: postId, news: 'UPDATED' as const })),
    then(indexPost, ({ postId }) => ({ postId })),
    then(fanOutHashtags, ({ postId, authorId }) => ({ postId, authorId })),
    then(
      keepSound,
      ({ postId }) => ({ postId }),
      ({ mayHaveNewVideo }) => mayHaveNewVideo === true,
    ),
    // Whoever is newly mentioned may see now what was not for them before.
    then(
      fanOutPost,
      ({ postId }) => ({ postId }),
      ({ mentionedIds }) => mentionedIds.length > 0,
    ),
    then(
      notifyAddressed,
      ({ postId }) => ({ subjectId: postId }),
      ({ mentionedIds }) => mentionedIds.length > 0,
    ),
  ]),
  when(hashtagFollowed, [
    then(backfillHashtag, ({ followerId, hashtagId }) => ({ followerId, hashtagId })),
  ]),
  when(hashtagUnfollowed, [then(emptyHashtag, ({ followerId }) => ({ followerId }))]),
  when(notificationsReceived, [
    then(sendPushes, ({ received }) => ({
      notificationIds: received.map(({ notificationId }) => notificationId),
    })),
  ]),
  when(commentAdded, [
    then(notifyAddressed, ({ commentId }) => ({ subjectId: commentId })),
    then(
      federatePost,
      ({ commentId }) => ({ subjectId: commentId, news: 'CREATED' as const }),
      ({ isLocal }) => isLocal,
    ),
  ]),
  when(commentUpdated, [
    then(notifyAddressed, ({ commentId }) => ({ subjectId: commentId })),
    then(federatePost, ({ commentId }) => ({ subjectId: commentId, news: 'UPDATED' as const })),
  ]),
  when(commentDeleted, [
    then(federatePost, ({ commentId }) => ({ subjectId: commentId, news: 'GONE' as const })),
  ]),
  when(reactionSet, [
    then(
      federateReaction,
      ({ subjectId, actorId }) => ({ subjectId, actorId }),
      ({ isSubjectLocal }) => !isSubjectLocal,
    ),
    then(
      gatherReactions,
      ({ subjectId }) => ({ subjectId }),
      ({ content }) => content !== null,
    ),
    then(
      withdrawReaction,
      ({ subjectId, actorId }) => ({ subjectId, actorId }),
      ({ content }) => content === null,
    ),
  ]),
  when(linkPosted, [then(fetchLinkPreview, ({ linkId }) => ({ linkId }))]),
  when(approvalReceived, [
    then(federatePost, ({ subjectId }) => ({ subjectId, news: 'UPDATED' as const })),
  ]),
  when(commentLetIn, [then(approveCommentLetIn, ({ commentId }) => ({ commentId }))]),
  when(replyApproved, [
    then(federatePost, ({ subjectId }) => ({ subjectId, news: 'APPROVED' as const })),
  ]),
  when(quoteDetached, [
    then(federateDetachedQuote, ({ postId, quotedAuthorId }) => ({ postId, quotedAuthorId })),
    then(federatePost, ({ postId }) => ({ subjectId: postId, news: 'UPDATED' as const })),
  ]),
  when(postQuoted, [
    then(federateQuote, ({ postId, quotedAuthorId }) => ({ postId, quotedAuthorId })),
    then(notifyOne, ({ quotedAuthorId, authorId, postId }) => ({
      recipientId: quotedAuthorId,
      kind: 'QUOTE' as const,
      groupKey: postId,
      actorId: authorId,
      postId,
    })),
  ]),
  when(personTagged, [
    then(notifyOne, ({ actorId, authorId, postId }) => ({
      recipientId: actorId,
      kind: 'TAGGED' as const,
      groupKey: postId,
      actorId: authorId,
      postId,
    })),
  ]),
  when(postReposted, [
    then(
      federateRepost,
      ({ repostId, postId, actorId }) => ({ repostId, postId, actorId }),
      ({ isLocal }) => isLocal,
    ),
    then(fanOutRepost, ({ repostId }) => ({ repostId })),
    then(gatherReposts, ({ postId }) => ({ postId })),
  ]),
  when(repostFound, [then(fanOutRepost, ({ repostId }) => ({ repostId }))]),
  when(repostEnded, [
    then(federateRepost, ({ repostId, postId, actorId }) => ({ repostId, postId, actorId })),
    then(withdrawRepost, ({ repostId, postId, actorId }) => ({
      repostId,
      postId,
      reposterId: actorId,
    })),
    then(forgetRepost, ({ postId, actorId }) => ({ postId, actorId })),
  ]),
  when(storyPublished, [
    then(
      notifyMentionedInStory,
      ({ storyId }) => ({ storyId }),
      ({ mentionedIds }) => mentionedIds.length > 0,
    ),
  ]),
  when(storyReactionSet, [
    then(
      gatherStoryReactions,
      ({ storyId }) => ({ storyId }),
      ({ content }) => content !== null,
    ),
    then(
      forgetStoryReaction,
      ({ storyId, actorId }) => ({ storyId, actorId }),
      ({ content }) => content === null,
    ),
  ]),
  when(storyAnswered, [then(notifyOfStoryAnswer, ({ answerId }) => ({ answerId }))]),
  when(storyAnswerDeleted, [
    then(forgetStoryAnswer, ({ answerId, actorId, authorId }) => ({
      answerId,
      actorId,
      recipientId: authorId,
    })),
  ]),
  when(starterPackExtended, [
    then(notifyOfStarterPack, ({ packId, ownerId, actorIds }) => ({ packId, ownerId, actorIds })),
  ]),
  when(starterPackUsed, [
    then(followPack, ({ followerId, actorIds, hashtags }) => ({ followerId, actorIds, hashtags })),
  ]),
  when(moderationActionTaken, [
    then(
      sendModerationNotice,
      ({ actionId }) => ({ actionId }),
      ({ isTold }) => isTold,
    ),
    then(
      notifyOne,
      ({ actionId, targetId, reason }) => ({
        recipientId: targetId,
        kind: 'MODERATION' as const,
        groupKey: actionId,
        actorId: null,
        postId: null,
        detail: { reason },
      }),
      ({ isTold }) => isTold,
    ),
  ]),
  when(remoteMediaFound, [then(fetchRemoteMedia, ({ mediaId, host }) => ({ mediaId, host }))]),
  when(emojiImportRequested, [then(takeInEmojis, ({ importId }) => ({ importId }))]),
  when(uploadReceived, [
    then(
      processUpload,
      ({ mediaId }) => ({ mediaId }),
      ({ kind }) => kind !== 'video',
    ),
    then(
      processVideo,
      ({ mediaId }) => ({ mediaId }),
      ({ kind }) => kind === 'video',
    ),
  ]),
  when(draftFailed, [then(notifyOfFailedDraft, ({ draftId }) => ({ draftId }))]),
  when(mediaFailed, [
    then(notifyOfFailedMedia, ({ mediaId }) => ({ mediaId })),
    // Of what is refused for good the bytes go.
    then(removeMedia, ({ mediaId }) => ({ mediaId })),
  ]),
  when(mediaReleased, [then(removeMedia, ({ mediaId }) => ({ mediaId }))]),
  when(accountActivated, [then(followInviter, ({ accountId }) => ({ accountId }))]),
  when(accountRegistered, [then(sendVerificationMail, ({ accountId }) => ({ accountId }))]),
  when(emailVerificationRequested, [
    then(sendVerificationMail, ({ accountId }) => ({ accountId })),
  ]),
  when(emailChangeRequested, [
    then(sendVerificationMail, ({ accountId }) => ({ accountId })),
    then(sendEmailChangeNotice, ({ accountId, changeId }) => ({ accountId, changeId })),
  ]),
  when(passwordChanged, [then(sendPasswordChangedNotice, ({ accountId }) => ({ accountId }))]),
  when(passwordResetRequested, [then(sendPasswordResetMail, ({ accountId }) => ({ accountId }))]),
  when(accountClosed, [then(sendDeletionLetter, ({ accountId }) => ({ accountId }))]),
  when(accountErased, [then(federateDeparture, ({ actorId }) => ({ actorId }))]),
  when(exportRequested, [then(writeExport, ({ exportId }) => ({ exportId }))]),
  when(exportReady, [
    then(notifyOne, ({ exportId, actorId }) => ({
      recipientId: actorId,
      kind: 'EXPORT_READY' as const,
      groupKey: exportId,
      actorId: null,
      postId: null,
    })),
  ]),
  when(importRequested, [then(applyImport, ({ importId }) => ({ importId }))]),
  when(accountDeletionDue, [then(eraseAccount, ({ accountId }) => ({ accountId }))]),
  when(registrationDecided, [then(sendRegistrationDecision, (decision) => decision)]),
];
