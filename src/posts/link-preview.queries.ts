/** Reads of link previews. */
import { statement, type Reader } from '../platform/db/database.js';

/** For how long a preview, or the failure to get one, is good. */
export const PREVIEW_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** What a page says about itself. */
export interface LinkPreviewRow {
  /** The post or comment that points to it. */
  readonly ownerId: string;
  readonly url: string;
  readonly title: string;
  readonly description: string | null;
  readonly siteName: string | null;
}

const OF_POSTS = statement(
  'link_previews.of_posts',
  `select link.post_id as "ownerId", page.url, page.title, page.description, page.site_name as "siteName"
   from post_links link join link_previews page on page.id = link.link_id
   where link.post_id = any($1::uuid[]) and page.title is not null`,
);

/** Previews of the pages that posts and comments point to, which the viewer is known to see. */
export function findLinkPreviews(
  reader: Reader,
  ids: readonly string[],
): Promise<LinkPreviewRow[]> {
  return reader.rows<LinkPreviewRow>(OF_POSTS, [ids]);
}
