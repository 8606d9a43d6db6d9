/** Every job that this server can run, and those that the clock starts. */
import type { ImageProcessor } from '../media/internal/images/image-processor.js';
import type { VideoProcessor } from '../media/internal/video/video-processor.js';
import { createTakeInEmojis } from '../emojis/jobs/take-in-emojis.job.js';
import type { Combining } from '../media/combining.js';
import type { Listening } from '../media/listening.js';
import { createStorePicture } from '../media/store-picture.js';
import { createProcessUpload } from '../media/jobs/process-upload.job.js';
import { createProcessVideo } from '../media/jobs/process-video.job.js';
import { createTakePoster } from '../media/jobs/take-poster.job.js';
import { removeMedia } from '../media/jobs/remove-media.job.js';
import { trimRemoteMedia } from '../media/jobs/trim-remote-media.job.js';
import { sweepMedia } from '../media/jobs/sweep-media.job.js';
import { partFromDomain } from '../actors/jobs/part-from-domain.job.js';
import { followInviter } from '../accounts/jobs/follow-inviter.job.js';
import { removeStaleAccounts } from '../accounts/jobs/remove-stale-accounts.job.js';
import { sendEmailChangeNotice } from '../accounts/jobs/send-email-change-notice.job.js';
import { sendChatDeviceNotice } from '../devices/jobs/send-chat-device-notice.job.js';
import { sendPasswordChangedNotice } from '../accounts/jobs/send-password-changed-notice.job.js';
import { sendPasswordResetMail } from '../accounts/jobs/send-password-reset-mail.job.js';
import { sendRegistrationDecision } from '../accounts/jobs/send-registration-decision.job.js';
import { sendVerificationMail } from '../accounts/jobs/send-verification-mail.job.js';
import { pruneKeyPackages } from '../devices/jobs/prune-key-packages.job.js';
import { loadPlaces } from '../places/jobs/load-places.job.js';
import { sendModerationNotice } from '../moderation/jobs/send-moderation-notice.job.js';
import { gatherFollows } from '../notifications/jobs/gather-follows.job.js';
import { forgetGoneActor } from '../notifications/jobs/forget-gone-actor.job.js';
import { forgetRepost } from '../notifications/jobs/forget-repost.job.js';
import { gatherReposts } from '../notifications/jobs/gather-reposts.job.js';
import { gatherReactions } from '../notifications/jobs/gather-reactions.job.js';
import { sendDigest } from '../notifications/jobs/send-digest.job.js';
import { sendDigests } from '../notifications/jobs/send-digests.job.js';
import { sendPush } from '../notifications/jobs/send-push.job.js';
import { sendPushes } from '../notifications/jobs/send-pushes.job.js';
import { notifyAddressed } from '../notifications/jobs/notify-addressed.job.js';
import { notifyFollowers } from '../notifications/jobs/notify-followers.job.js';
import { notifyOfStarterPack } from '../notifications/jobs/notify-of-starter-pack.job.js';
import { notifyOne } from '../notifications/jobs/notify-one.job.js';
import { notifyOfAcceptedFollow } from '../notifications/jobs/notify-of-accepted-follow.job.js';
import { notifyOfFailedDraft } from '../notifications/jobs/notify-of-failed-draft.job.js';
import { notifyOfFailedMedia } from '../notifications/jobs/notify-of-failed-media.job.js';
import { notifyOfFollowRequest } from '../notifications/jobs/notify-of-follow-request.job.js';
import { tellNotification } from '../notifications/jobs/tell-notification.job.js';
import { withdrawEndedFollow } from '../notifications/jobs/withdraw-ended-follow.job.js';
import { withdrawReaction } from '../notifications/jobs/withdraw-reaction.job.js';
import { eraseAccount } from '../portability/jobs/erase-account.job.js';
import { eraseDueAccounts } from '../portability/jobs/erase-due-accounts.job.js';
import { sweepExports } from '../portability/jobs/sweep-exports.job.js';
import { writeExport } from '../portability/jobs/write-export.job.js';
import { moveFollowers } from '../portability/jobs/move-followers.job.js';
import { applyImport } from '../portability/jobs/apply-import.job.js';
import { resumeImports } from '../portability/jobs/resume-imports.job.js';
import { applyRetention } from '../retention/jobs/apply-retention.job.js';
import { sendDeletionLetter } from '../portability/jobs/send-deletion-letter.job.js';
import { forgetWatched } from '../feeds/jobs/forget-watched.job.js';
import { countWithheld } from '../feeds/jobs/count-withheld.job.js';
import { countEngagement } from '../playback/jobs/count-engagement.job.js';
import { countViews } from '../playback/jobs/count-views.job.js';
import { prunePlayback } from '../playback/jobs/prune-playback.job.js';
import { createAddAv1 } from '../media/jobs/add-av1.job.js';
import { writeCaptions } from '../media/jobs/write-captions.job.js';
import { tellOfVideo } from '../posts/jobs/tell-of-video.job.js';
import { fetchLinkPreview } from '../posts/jobs/fetch-link-preview.job.js';
import { sweepFeedSnapshots } from '../feeds/jobs/sweep-snapshots.job.js';
import { computeTrendsJob } from '../search/jobs/compute-trends.job.js';
import { indexAuthor } from '../search/jobs/index-author.job.js';
import { indexDescribedMedia } from '../search/jobs/index-described-media.job.js';
import { indexPost } from '../search/jobs/index-post.job.js';
import { backfillHashtag } from '../timelines/jobs/backfill-hashtag.job.js';
import { emptyHashtag } from '../timelines/jobs/empty-hashtag.job.js';
import { backfillHome } from '../timelines/jobs/backfill-home.job.js';
import { emptyHome } from '../timelines/jobs/empty-home.job.js';
import { fanOutHashtags } from '../timelines/jobs/fan-out-hashtags.job.js';
import { fanOutPost } from '../timelines/jobs/fan-out-post.job.js';
import { fanOutRepost } from '../timelines/jobs/fan-out-repost.job.js';
import { withdrawPost } from '../timelines/jobs/withdraw-post.job.js';
import { detachQuotes } from '../posts/jobs/detach-quotes.job.js';
import { dropTags } from '../posts/jobs/drop-tags.job.js';
import { hideComments } from '../posts/jobs/hide-comments.job.js';
import { followPack } from '../starterpacks/jobs/follow-pack.job.js';
import { detachRemixes } from '../sounds/jobs/detach-remixes.job.js';
import { createRenderRemix } from '../sounds/jobs/render-remix.job.js';
import { withdrawOriginal } from '../sounds/jobs/withdraw-original.job.js';
import { forgetSound } from '../sounds/jobs/forget-sound.job.js';
import { createKeepSound } from '../sounds/jobs/keep-sound.job.js';
import { publishDueDrafts } from '../posts/jobs/publish-due-drafts.job.js';
import type { JobType } from '../platform/jobs/job.js';
import { tidyQueues } from '../platform/jobs/tidy-queues.job.js';
import { withdrawRepost } from '../timelines/jobs/withdraw-repost.job.js';
import { leaveConversationsWithDevice } from '../chat/jobs/leave-with-device.job.js';
import { catchUpWithHub } from '../chat/jobs/catch-up-mirror.job.js';
import { openMirrorHere } from '../chat/jobs/open-mirror.job.js';
import { tellHub } from '../chat/jobs/run-hub-errands.job.js';
import { visitHubs } from '../chat/jobs/visit-hubs.job.js';
import { removeOldEnvelopes } from '../chat/jobs/remove-old-envelopes.job.js';
import { wakeDevice } from '../chat/jobs/wake-device.job.js';
import { forgetStoryAnswer } from '../notifications/jobs/forget-story-answer.job.js';
import { forgetStoryReaction } from '../notifications/jobs/forget-story-reaction.job.js';
import { gatherStoryReactions } from '../notifications/jobs/gather-story-reactions.job.js';
import { notifyMentionedInStory } from '../notifications/jobs/notify-mentioned-in-story.job.js';
import { notifyOfStoryAnswer } from '../notifications/jobs/notify-of-story-answer.job.js';
import { removeExpiredStories } from '../stories/jobs/remove-expired-stories.job.js';
import { fetchRemoteMedia } from '../media/jobs/fetch-remote-media.job.js';
import { applyDomainRules } from '../federation/jobs/apply-domain-rules.job.js';
import { askForNamedDevices } from '../federation/jobs/ask-for-named-devices.job.js';
import { compareFollowers } from '../federation/jobs/compare-followers.job.js';
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
import { pruneFederation } from '../federation/jobs/prune-federation.job.js';
import { fetchOutboxOf } from '../federation/jobs/fetch-outbox.job.js';
import { fetchRepliesOf } from '../federation/jobs/fetch-replies.job.js';
import { fetchParent } from '../federation/jobs/fetch-parent.job.js';
import { watchKeyLogs } from '../federation/jobs/watch-key-logs.job.js';
import { askInstances } from '../federation/jobs/ask-instances.job.js';
import { probeParkedHosts } from '../federation/jobs/probe-parked-hosts.job.js';
import { forwardReport } from '../federation/jobs/forward-report.job.js';
import { receiveTogether } from '../federation/jobs/receive-together.job.js';
import { receiveActivity } from '../federation/jobs/receive-activity.job.js';
import type { AnyJob, ScheduledJob } from '../platform/jobs/worker.js';
import { pruneEvents } from '../platform/realtime/prune-events.js';

/** What handlers need beyond the services: built once per worker process. */
export interface JobResources {
  readonly images: ImageProcessor;
  readonly videos: VideoProcessor;
  readonly listening: Listening & Combining;
}

/** Jobs by what they do; the worker finds them by name. */
export function createJobs({ images, videos, listening }: JobResources): readonly AnyJob[] {
  return [
    applyDomainRules,
    partFromDomain,
    forwardReport,
    deliverDue,
    eraseRemoteActor,
    forgetGoneActor,
    federateBlock,
    federateDeparture,
    federateFollow,
    federateConversation,
    federateMessage,
    federateDraftMessage,
    federatePin,
    federateMove,
    approveCommentLetIn,
    federatePost,
    moveFollowers,
    federateProfile,
    federateQuote,
    federateDetachedQuote,
    federateReaction,
    federateRepost,
    receiveActivity,
    receiveTogether,
    compareFollowers,
    fetchFeaturedPosts,
    askForNamedDevices,
    fetchParent,
    fetchOutboxOf,
    fetchRepliesOf,
    fetchRemoteMedia,
    backfillHashtag,
    backfillHome,
    createProcessUpload(images),
    createProcessVideo({ images, videos }),
    createTakePoster({ images, videos }),
    createAddAv1(videos),
    writeCaptions,
    createTakeInEmojis(createStorePicture(images)),
    createKeepSound(listening),
    createRenderRemix(listening),
    detachRemixes,
    withdrawOriginal,
    forgetWatched,
    forgetSound,
    detachQuotes,
    dropTags,
    hideComments,
    emptyHashtag,
    eraseAccount,
    sendDeletionLetter,
    writeExport,
    applyImport,
    emptyHome,
    fanOutHashtags,
    fanOutPost,
    fetchLinkPreview,
    tellOfVideo,
    fanOutRepost,
    followInviter,
    followPack,
    forgetRepost,
    gatherFollows,
    indexAuthor,
    indexDescribedMedia,
    indexPost,
    gatherReposts,
    gatherReactions,
    forgetStoryAnswer,
    leaveConversationsWithDevice,
    wakeDevice,
    catchUpWithHub,
    openMirrorHere,
    tellHub,
    forgetStoryReaction,
    gatherStoryReactions,
    notifyMentionedInStory,
    notifyOfStoryAnswer,
    notifyAddressed,
    sendDigest,
    sendPush,
    sendPushes,
    notifyFollowers,
    notifyOfAcceptedFollow,
    notifyOne,
    notifyOfFailedDraft,
    notifyOfFailedMedia,
    notifyOfFollowRequest,
    notifyOfStarterPack,
    tellNotification,
    withdrawEndedFollow,
    withdrawReaction,
    removeMedia,
    sendEmailChangeNotice,
    sendModerationNotice,
    sendChatDeviceNotice,
    sendPasswordChangedNotice,
    sendPasswordResetMail,
    sendRegistrationDecision,
    sendVerificationMail,
    withdrawPost,
    withdrawRepost,
  ];
}

/** Jobs that run by the clock, in UTC. */
export const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  { schedule: '17 3 * * *', job: removeStaleAccounts },
  { schedule: '*/10 * * * *', job: eraseDueAccounts },
  { schedule: '3,13,23,33,43,53 * * * *', job: sweepExports },
  { schedule: '37 * * * *', job: resumeImports },
  { schedule: '8,18,28,38,48,58 * * * *', job: applyRetention },
  { schedule: '7 * * * *', job: sendDigests },
  { schedule: '*/10 * * * *', job: pruneEvents },
  { schedule: '47 * * * *', job: pruneFederation },
  { schedule: '43 * * * *', job: pruneKeyPackages },
  { schedule: '* * * * *', job: tidyQueues },
  { schedule: '27 * * * *', job: probeParkedHosts },
  { schedule: '7 * * * *', job: askInstances },
  { schedule: '4,14,24,34,44,54 * * * *', job: watchKeyLogs },
  { schedule: '* * * * *', job: publishDueDrafts },
  { schedule: '17 * * * *', job: sweepMedia },
  { schedule: '*/5 * * * *', job: trimRemoteMedia },
  { schedule: '*/5 * * * *', job: removeExpiredStories },
  { schedule: '* * * * *', job: removeOldEnvelopes },
  { schedule: '* * * * *', job: visitHubs },
  { schedule: '*/10 * * * *', job: computeTrendsJob },
  { schedule: '29 * * * *', job: sweepFeedSnapshots },
  { schedule: '* * * * *', job: countViews },
  { schedule: '17 * * * *', job: countEngagement },
  { schedule: '*/5 * * * *', job: countWithheld },
  { schedule: '52 4 * * *', job: prunePlayback },
];

/** Jobs that every start asks for. */
export const START_JOBS: readonly JobType<Record<string, never>>[] = [
  loadPlaces,
  deliverDue,
  receiveTogether,
];
