/** A post in a browser. */
import { escapeHtml, plainPage } from '../../accounts/http/plain-page.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import type { PostRow } from '../../posts/post.queries.js';
import { nameOf, shortened, textOf, type ShownPicture } from './shown.js';
import { player, type ShownVideo } from './video-player.js';

/** What the page is made of. */
export interface PostPageParts {
  readonly locale: Locale;
  readonly server: string;
  readonly origin: string;
  readonly post: PostRow;
  readonly pictures: readonly ShownPicture[];
  /** Null = it is none. */
  readonly video: ShownVideo | null;
}

const DESCRIPTION = 300;
const STYLE = `<style>figure{margin:1rem 0}figure img,video{max-width:100%;height:auto;max-height:85vh;border-radius:.5rem;display:block}
figcaption{font-size:.9rem;opacity:.7}summary{cursor:pointer;padding:1rem 0}main{overflow-wrap:anywhere}</style>`;

/** The page. */
export function postPage(parts: PostPageParts): string {
  const { locale, server, origin, post, pictures, video } = parts;
  const author = { displayName: post.authorDisplayName, username: post.authorUsername };
  const name = nameOf(author);
  const by = formatMessage(locale, 'page.post.title', { name, server });
  const warning = warningOf(post, locale);
  const title = warning === null && post.title ? `${post.title} · ${by}` : by;
  const description = shortened(warning ?? textOf(post.caption), DESCRIPTION);
  const day = post.publishedAt.toLocaleDateString(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const shown = video ? videoFigure(video, locale) : pictures.map(figure).join('\n');
  const content = `${shown}
<div dir="auto"${languageOf(post)}>${post.caption}</div>`;
  const body = `<h1 dir="auto"><a href="/@${escapeHtml(post.authorUsername)}">${escapeHtml(name)}</a></h1>
${warning === null ? content : `<details><summary dir="auto">${escapeHtml(warning)}</summary>${content}</details>`}
<p class="quiet"><time datetime="${post.publishedAt.toISOString()}">${escapeHtml(day)}</time>${counts(post, locale)}</p>
`;
  const [first] = warning === null ? pictures : [];
  const tags = head(origin, post, first, warning === null ? video : null);
  return plainPage({ locale, title, description, body, head: STYLE + tags });
}

/** What hides the pictures until somebody opens them; null = nothing. */
export function warningOf(
  { contentWarning, isSensitive }: Pick<PostRow, 'contentWarning' | 'isSensitive'>,
  locale: Locale,
): string | null {
  return contentWarning ?? (isSensitive ? formatMessage(locale, 'page.post.closed') : null);
}

function figure({ path, width, height, altText }: ShownPicture): string {
  const alt = escapeHtml(altText);
  const caption = alt && `<figcaption dir="auto">${alt}</figcaption>`;
  return `<figure><img src="${escapeHtml(path)}" width="${width}" height="${height}" alt="${alt}">${caption}</figure>`;
}

function videoFigure(video: ShownVideo, locale: Locale): string {
  const caption =
    video.altText && `<figcaption dir="auto">${escapeHtml(video.altText)}</figcaption>`;
  return `<figure>${player(video, locale)}${caption}</figure>`;
}

function languageOf({ language }: PostRow): string {
  return language === null ? '' : ` lang="${escapeHtml(language)}"`;
}

function counts({ hidesCounts, likeCount, commentCount }: PostRow, locale: Locale): string {
  if (hidesCounts) return '';
  const likes = formatMessage(locale, 'page.post.likes', { count: likeCount });
  const comments = formatMessage(locale, 'page.post.comments', { count: commentCount });
  return ` · ${escapeHtml(likes)} · ${escapeHtml(comments)}`;
}

function head(
  origin: string,
  post: PostRow,
  picture: ShownPicture | undefined,
  video: ShownVideo | null,
): string {
  const url = escapeHtml(post.url);
  const oembed = escapeHtml(`${origin}/oembed?url=${encodeURIComponent(post.url)}`);
  const image =
    picture &&
    `<meta property="og:image" content="${escapeHtml(picture.url)}">
<meta property="og:image:width" content="${picture.width}"><meta property="og:image:height" content="${picture.height}">
<meta property="og:image:alt" content="${escapeHtml(picture.altText)}">`;
  const card = picture && !video && '<meta name="twitter:card" content="summary_large_image">';
  return `<link rel="canonical" href="${url}"><meta property="og:url" content="${url}"><meta property="og:type" content="${video ? 'video.other' : 'article'}">
${image ?? ''}${card || ''}${video ? videoTags(origin, post, video) : ''}${post.authorIsIndexable ? '' : '<meta name="robots" content="noindex">'}
<link rel="alternate" type="application/activity+json" href="${escapeHtml(post.uri)}">
<link rel="alternate" type="application/json+oembed" href="${oembed}">`;
}

/** The file for sites that play it themselves, and the player for those that frame one. */
function videoTags(origin: string, { id }: PostRow, video: ShownVideo): string {
  const [file, frame] = [escapeHtml(video.url), escapeHtml(`${origin}/embed/${id}`)];
  const { width, height } = video;
  const type = escapeHtml(video.mimeType);
  return `<meta property="og:video" content="${file}"><meta property="og:video:type" content="${type}">
<meta property="og:video:width" content="${width}"><meta property="og:video:height" content="${height}">
<meta name="twitter:card" content="player"><meta name="twitter:player" content="${frame}">
<meta name="twitter:player:width" content="${width}"><meta name="twitter:player:height" content="${height}">
<meta name="twitter:player:stream" content="${file}"><meta name="twitter:player:stream:content_type" content="${type}">`;
}
