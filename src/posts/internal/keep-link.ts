/** Remembers which page a text points to first, and asks for a preview of it where none is fresh. */
import { createHash } from 'node:crypto';
import { statement, type Transaction } from '../../platform/db/database.js';
import { newId, type Id } from '../../platform/ids.js';
import { PREVIEW_LIFETIME_MS } from '../link-preview.queries.js';
import type { CommentId, PostId } from '../post.entity.js';
import { linkPosted } from '../posts.events.js';

const FORGET = statement('post_links.forget', 'delete from post_links where post_id = $1');
const ADD_PAGE = statement(
  'link_previews.add',
  `insert into link_previews (id, url_digest, url) values ($1, $2, $3) on conflict (url_digest) do nothing`,
);
const REMEMBER = statement(
  'post_links.remember',
  `with page as (select id, fetched_at from link_previews where url_digest = $2),
   linked as (insert into post_links (post_id, link_id) select $1, id from page
     on conflict (post_id) do update set link_id = excluded.link_id)
   select id, fetched_at is null or fetched_at < $3 as "isStale" from page`,
);

/** Leaves a post or comment without a page that it points to. */
export async function forgetLink(tx: Transaction, id: PostId | CommentId): Promise<void> {
  await tx.rows(FORGET, [id]);
}

/** Makes `url` the page that a post or comment points to. */
export async function keepLink(
  tx: Transaction,
  id: PostId | CommentId,
  url: string,
  now: Date,
): Promise<void> {
  const digest = createHash('sha256').update(url).digest();
  await tx.rows(ADD_PAGE, [newId<'link'>(now), digest, url]);
  const freshSince = new Date(now.getTime() - PREVIEW_LIFETIME_MS);
  const page = await tx.row<{ id: Id<'link'>; isStale: boolean }>(REMEMBER, [
    id,
    digest,
    freshSince,
  ]);
  if (page?.isStale) await tx.append(linkPosted, { linkId: page.id });
}
