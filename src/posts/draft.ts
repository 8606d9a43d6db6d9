/** Posts that are not published yet: what an author has said so far, with pictures or without. */
import type { Id } from '../platform/ids.js';
import type { PostDraft } from './publish-post.js';

/** Identity of a draft; the post that becomes of it gets one of its own. */
export type DraftId = Id<'draft'>;

/** Most drafts of one author. */
export const DRAFTS_PER_AUTHOR = 100;

/** What a draft says before anything was said. */
export const BLANK_POST: PostDraft = {
  caption: '',
  language: null,
  visibility: null,
  commentPolicy: null,
  contentWarning: null,
  isSensitive: null,
  aiDisclosure: 'NONE',
  license: null,
  placeId: null,
  quotePolicy: null,
  quotedPostId: null,
  video: null,
};
