/** Pictures of posts in rows of three, each leading to its post. */
import { escapeHtml } from '../../accounts/http/plain-page.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import type { PostRow } from '../../posts/post.queries.js';
import { warningOf } from './post-page.js';
import { shortened, textOf, type ShownPicture } from './shown.js';

/** A post and its first picture. */
export interface GridPost {
  readonly post: PostRow;
  readonly picture: ShownPicture | null;
}

/** What the grid looks like; to stand in the head. */
export const GRID_STYLE = `<style>.grid{display:grid;gap:.35rem;padding:0;list-style:none;grid-template-columns:repeat(3,1fr)}
.grid li{margin:0;aspect-ratio:1}.grid a{display:grid;place-items:center;height:100%;
background:color-mix(in srgb,CanvasText 8%,Canvas);text-align:center;overflow:hidden}
.grid img{width:100%;height:100%;object-fit:cover;display:block}main{overflow-wrap:anywhere}</style>`;

/** The grid; where there is nothing, it says so. */
export function postGrid(posts: readonly GridPost[], locale: Locale): string {
  if (posts.length === 0)
    return `<p class="quiet">${escapeHtml(formatMessage(locale, 'page.profile.empty'))}</p>`;
  return `<ul class="grid">${posts.map((shown) => tile(shown, locale)).join('')}</ul>`;
}

/** The way to the page that follows; empty without one. `path` is of this server. */
export function nextLink(path: string | null, locale: Locale): string {
  if (path === null) return '';
  const text = escapeHtml(formatMessage(locale, 'page.more'));
  return `<p><a rel="next" href="${escapeHtml(path)}">${text}</a></p>`;
}

/** A picture that leads to its post; behind a warning, the warning. Posts of other servers are read there. */
function tile({ post, picture }: GridPost, locale: Locale): string {
  const warning = warningOf(post, locale);
  const content =
    warning !== null || !picture
      ? `<span dir="auto">${escapeHtml(shortened(warning ?? textOf(post.caption), 80))}</span>`
      : `<img src="${escapeHtml(picture.path)}" alt="${escapeHtml(picture.altText)}" loading="lazy">`;
  const link = post.isLocal
    ? `href="/posts/${post.id}"`
    : `href="${escapeHtml(post.url)}" rel="nofollow noopener"`;
  return `<li><a ${link}>${content}</a></li>`;
}
