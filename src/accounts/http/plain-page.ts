/** The shape of the pages that this server shows to people in a browser: no script, nothing from another host. */
import MarkdownIt from 'markdown-it';
import type { Locale } from '../../platform/messages/catalogue.js';
import { SOFTWARE } from '../../platform/software.js';

const { utils } = new MarkdownIt();

/** Plain text as HTML, in elements and in attributes. */
export const escapeHtml = (text: string): string => utils.escapeHtml(text);

/** Runs no script and asks no other host for anything. */
export const PLAIN_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `:root{color-scheme:light dark}
body{font:1.05rem/1.6 system-ui,sans-serif;max-width:36rem;margin:12vh auto 4rem;padding:0 1.25rem}
h1{font-size:2.2rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.1rem;margin:2.5rem 0 .5rem}
ol,ul{padding-inline-start:1.25rem}li{margin:.35rem 0}.quiet{opacity:.7}a{color:LinkText}
code{font-size:1.2rem;overflow-wrap:anywhere;user-select:all}
footer{margin-top:3rem;font-size:.9rem}`;

/** What a page says. */
export interface PlainPage {
  readonly locale: Locale;
  /** Plain text. */
  readonly title: string;
  /** For those who show a link to the page; plain text. */
  readonly description: string;
  /** HTML. */
  readonly body: string;
  /** HTML of further elements of the head; none unless told. */
  readonly head?: string;
}

/** The whole document. */
export function plainPage({ locale, title, description, body, head = '' }: PlainPage): string {
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="description" content="${escapeHtml(description)}">
<meta property="og:title" content="${escapeHtml(title)}"><meta property="og:description" content="${escapeHtml(description)}">
<title>${escapeHtml(title)}</title><style>${STYLE}</style>${head}</head><body><main>
${body}</main><footer class="quiet">Triptych ${SOFTWARE.version}</footer></body></html>`;
}
