/** The player of a video in a frame of another site. */
import { escapeHtml } from '../../accounts/http/plain-page.js';
import { formatMessage, type Locale } from '../../platform/messages/catalogue.js';
import type { PostRow } from '../../posts/post.queries.js';
import { warningOf } from './post-page.js';
import { nameOf } from './shown.js';
import { player, type ShownVideo } from './video-player.js';

/** What the page is made of. */
export interface EmbedPageParts {
  readonly locale: Locale;
  readonly server: string;
  readonly post: PostRow;
  readonly video: ShownVideo;
}

/** Other sites may frame this page, and this page alone. */
export const EMBED_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

const STYLE = `:root{color-scheme:dark}html,body,details[open]{height:100%}
body{margin:0;background:#000;color:#fff;font:1rem/1.5 system-ui,sans-serif;display:flex;flex-direction:column}
video{flex:1;min-height:0;width:100%;height:100%;object-fit:contain;background:#000}a{color:inherit;padding:.35rem .75rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
summary{padding:1rem;cursor:pointer}details{flex:1;min-height:0;display:flex;flex-direction:column}`;

/** The page: behind a warning where the post has one, and with the way to the post. */
export function embedPage({ locale, server, post, video }: EmbedPageParts): string {
  const author = { displayName: post.authorDisplayName, username: post.authorUsername };
  const by = formatMessage(locale, 'page.post.title', { name: nameOf(author), server });
  const warning = warningOf(post, locale);
  const title = (warning === null && post.title) || by;
  const shown = player(video, locale);
  const url = escapeHtml(post.url);
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><meta name="robots" content="noindex"><link rel="canonical" href="${url}"><style>${STYLE}</style></head><body>
${warning === null ? shown : `<details><summary dir="auto">${escapeHtml(warning)}</summary>${shown}</details>`}
<a href="${url}" target="_blank" rel="noopener" dir="auto">${escapeHtml(title === by ? by : `${title} · ${by}`)}</a></body></html>`;
}
