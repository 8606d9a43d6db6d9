/** Posts with one hashtag, and posts of a collection, in a browser. */
import { escapeHtml, plainPage } from '../../accounts/http/plain-page.js';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { CollectionRow } from '../../collections/collections.queries.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import { GRID_STYLE, nextLink, postGrid, type GridPost } from './post-grid.js';
import { nameOf, shortened, textOf } from './shown.js';

const DESCRIPTION = 300;

/** One page of a list of posts. */
export interface ListedPosts {
  readonly posts: readonly GridPost[];
  /** Path of the page that follows; null = none. */
  readonly next: string | null;
}

/** What both pages are made of. */
interface ListingParts extends ListedPosts {
  readonly locale: Locale;
  readonly host: string;
  /** Public address of the list. */
  readonly url: string;
}

/** The page of a hashtag. Its posts are of many people, who answer for themselves to search engines. */
export function hashtagPage(
  parts: ListingParts & { readonly displayName: string; readonly count: number },
): string {
  const { locale, host, url, displayName, count, posts, next } = parts;
  const title = `#${displayName}`;
  const number = formatMessage(locale, 'page.profile.posts', { count });
  const body = `<h1 dir="auto">${escapeHtml(title)}</h1><p class="quiet">${escapeHtml(`${number} · ${host}`)}</p>
${postGrid(posts, locale)}${nextLink(next, locale)}
`;
  const description = formatMessage(locale, 'page.hashtag.description', { hashtag: title, host });
  return plainPage({ locale, title, description, body, head: head(url, false) });
}

/** The page of a collection or playlist. */
export function collectionHtml(
  parts: ListingParts & {
    readonly collection: CollectionRow;
    readonly owner: ActorRow;
    readonly count: number;
  },
): string {
  const { locale, host, url, collection, owner, count, posts, next } = parts;
  const { title, description: html } = collection;
  const handle = `@${owner.username}@${host}`;
  const key = collection.holds === 'VIDEOS' ? 'page.playlist.by' : 'page.collection.by';
  const by = formatMessage(locale, key, { name: nameOf(owner), handle });
  const number = formatMessage(locale, 'page.profile.posts', { count });
  const body = `<h1 dir="auto">${escapeHtml(title)}</h1>
<p class="quiet"><a href="/@${escapeHtml(owner.username)}" dir="auto">${escapeHtml(by)}</a> · ${escapeHtml(number)}</p>
<div dir="auto">${html}</div>${postGrid(posts, locale)}${nextLink(next, locale)}
`;
  const description = shortened(textOf(html) || by, DESCRIPTION);
  const document = `<link rel="alternate" type="application/activity+json" href="${escapeHtml(url)}">`;
  return plainPage({
    locale,
    title,
    description,
    body,
    head: head(url, owner.isIndexable) + document,
  });
}

function head(url: string, isIndexable: boolean): string {
  const page = escapeHtml(url);
  return `${GRID_STYLE}<link rel="canonical" href="${page}"><meta property="og:url" content="${page}"><meta property="og:type" content="website">
${isIndexable ? '' : '<meta name="robots" content="noindex">'}`;
}
