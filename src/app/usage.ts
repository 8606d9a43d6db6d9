/** What of each limit is in use: the slice whose limit it is counts. */
import {
  countOpenUploadBytes,
  countOpenUploads,
  countStorageBytes,
  countUploadsToday,
} from '../media/media-usage.queries.js';
import { countScheduledPosts } from '../posts/draft.queries.js';
import { countPostsToday } from '../posts/post-usage.queries.js';
import type { UsageCounters } from '../platform/entitlements.js';

/** Every counter. */
export const USAGE_COUNTERS: UsageCounters = {
  OPEN_UPLOADS: countOpenUploads,
  OPEN_UPLOAD_BYTES: countOpenUploadBytes,
  POSTS_PER_DAY: countPostsToday,
  SCHEDULED_POSTS: countScheduledPosts,
  STORAGE_BYTES: countStorageBytes,
  UPLOADS_PER_DAY: countUploadsToday,
};
