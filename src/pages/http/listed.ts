/** Lists of posts that pages show, as somebody sees them who is not signed in. */
import { findActors } from '../../actors/actor.queries.js';
import {
  countCollectionPosts,
  findCollections,
  findPostsOfCollections,
} from '../../collections/collections.queries.js';
import type { Services } from '../../platform/context.js';
import { toPage, type PageRequest } from '../../platform/db/page.js';
import { isUuid } from '../../platform/ids.js';
import { hashtagUrl } from '../../posts/content/compose-content.js';
import {
  COUNTED_POSTS,
  countHashtagPosts,
  findHashtag,
  findPostsOfHashtags,
} from '../../posts/hashtag.queries.js';
import type { PostRow } from '../../posts/post.queries.js';
import type { GridPost } from './post-grid.js';
import { picturesOf } from './shown.js';

/** Posts on one page. */
const POSTS = 30;
const POSITION = /^\d{1,9}$/;

/** The page after a key; an address that was never told is the first page. */
function pageAfter(after: unknown, isKey: (text: string) => boolean): PageRequest {
  const from = typeof after === 'string' && isKey(after) ? [after] : null;
  return { size: POSTS, isBackward: false, from };
}

/** A hashtag in any spelling with a page of its posts; null when nobody here used it in public. */
export async function findOpenHashtag(services: Services, written: string, after: unknown) {
  const { database, clock, config } = services;
  const hashtag = await findHashtag(database, written, null);
  if (!hashtag) return null;
  const request = pageAfter(after, isUuid);
  const [rows, [counted]] = await Promise.all([
    findPostsOfHashtags(database, [hashtag.id], {}, request, null, clock.now()),
    countHashtagPosts(database, [hashtag.id], null),
  ]);
  const page = toPage(request, rows);
  const { pathname } = new URL(hashtagUrl(config, hashtag.name));
  const last = page.rows.at(-1);
  return {
    displayName: hashtag.displayName,
    url: hashtagUrl(config, hashtag.name),
    count: Math.min(counted?.count ?? 0, COUNTED_POSTS),
    posts: page.rows.map((post) => withPicture(services, post)),
    next: page.hasNextPage && last ? `${pathname}?after=${last.id}` : null,
  };
}

/** A collection or playlist that everybody may see with its owner and a page of its posts; null for all others. */
export async function findOpenCollection(services: Services, id: string, after: unknown) {
  const { database, config } = services;
  const [collection] = isUuid(id) ? await findCollections(database, [id], null, null) : [];
  if (!collection) return null;
  const request = pageAfter(after, (text) => POSITION.test(text));
  const [rows, [counted], [owner]] = await Promise.all([
    findPostsOfCollections(database, [id], request, null),
    countCollectionPosts(database, [id], null),
    findActors(database, [collection.ownerId]),
  ]);
  const page = toPage(request, rows);
  const last = page.rows.at(-1);
  return {
    collection,
    owner: owner!,
    url: `${config.publicUrl.origin}/collections/${id}`,
    count: counted?.count ?? 0,
    posts: page.rows.map((post) => withPicture(services, post)),
    next: page.hasNextPage && last ? `/collections/${id}?after=${last.position}` : null,
  };
}

function withPicture(services: Services, post: PostRow): GridPost {
  return { post, picture: picturesOf(services, post, 'grid')[0] ?? null };
}
