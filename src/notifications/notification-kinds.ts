/** What people can be told of. A slice above brings its causes through `notify`; the words are all here. */
import type { Id } from '../platform/ids.js';

/** Identity of a notification. */
export type NotificationId = Id<'notification'>;

/** Kinds with their meaning. */
export const NOTIFICATION_KINDS = {
  FOLLOW: 'Somebody follows the viewer; grouped by day, in UTC.',
  FOLLOW_REQUEST: 'Somebody asks to follow the viewer.',
  FOLLOW_ACCEPTED: 'Somebody has let the viewer follow them.',
  LIKE: 'Somebody reacted with ❤ to a post or comment of the viewer.',
  REACTION: 'Somebody reacted with another emoji to a post or comment of the viewer.',
  COMMENT: 'Somebody commented on a post of the viewer.',
  REPLY: 'Somebody answered a comment of the viewer.',
  MENTION: 'Somebody mentioned the viewer in a post or comment.',
  REPOST: 'Somebody reposted a post of the viewer.',
  QUOTE: 'Somebody quoted a post of the viewer in a post of their own.',
  REMIX: 'Somebody made a duet or stitch of a video of the viewer.',
  STORY_MENTION: 'Somebody mentioned the viewer in a story.',
  STORY_REACTION: 'Somebody reacted to a story of the viewer.',
  STORY_ANSWER: 'Somebody answered a story of the viewer, or a question on it.',
  TAGGED: 'Somebody tagged the viewer in a picture.',
  STARTER_PACK: 'Somebody put the viewer into a starter pack.',
  NEW_POST: 'Somebody whom the viewer follows with `notify` has published.',
  MODERATION: 'The staff did something about the viewer or their posts, and says why.',
  MEDIA_FAILED: 'A file of the viewer could not be processed.',
  DRAFT_FAILED:
    'A scheduled post of the viewer could not be published when its time came; it is kept as a draft with the reason.',
  EXPORT_READY:
    'An archive that the viewer asked for can be fetched; `Viewer.exports` has the link.',
} as const;

/** One of the kinds. */
export type NotificationKind = keyof typeof NOTIFICATION_KINDS;

/** Kinds that nobody is behind: the server itself tells. */
export const KINDS_WITHOUT_ACTORS: readonly NotificationKind[] = [
  'MEDIA_FAILED',
  'DRAFT_FAILED',
  'EXPORT_READY',
  'MODERATION',
];

/** Kinds that a policy about strangers never keeps back: they answer the viewer, or ask for an answer. */
export const UNFILTERED_KINDS: readonly NotificationKind[] = [
  ...KINDS_WITHOUT_ACTORS,
  'FOLLOW_REQUEST',
  'FOLLOW_ACCEPTED',
];
