/**
 * The last step of every HTML that people will see, our own and that of other servers: an allow-list.
 * Sanitising twice changes nothing; time grows linearly with the input.
 */
import { domainToASCII } from 'node:url';
import sanitize from 'sanitize-html';

/** What every link of a post carries. */
export const LINK_REL = 'nofollow noopener ugc';

const ALLOWED_TAGS = [
  'p',
  'br',
  'a',
  'span',
  'strong',
  'b',
  'em',
  'i',
  'u',
  'del',
  's',
  'code',
  'pre',
  'blockquote',
  'ul',
  'ol',
  'li',
];
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
const DEEPEST_NESTING = 24;
/** Deeper than any text that a person wrote; what is deeper is shown as text. */
const DEEPEST_PARSED = 500;
const MOST_ROUNDS = 4;
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9]{0,10})/g;
const NEVER_NESTED = new Set([
  'area',
  'br',
  'hr',
  'img',
  'input',
  'li',
  'link',
  'meta',
  'p',
  'source',
  'wbr',
]);
const LINK = /<a href="([^"]*)"[^>]*>(.*?)<\/a>/gs;
// The class hides its text: it may cover the scheme of a link, nothing else.
const HIDING_SPAN = /<span class="invisible">(?!https?:\/\/(?:www\.)?<\/span>)/g;
const WRITTEN_URL = /https?:\/\/([^\s/?#]*)/i;
const WRITTEN_DOMAIN = /^((?:[\p{L}\p{M}\p{N}_-]{1,63}\.){1,10}\p{L}{2,63})(?:[/?#:]\S*)?$/u;

/**
 * Reduces HTML to what is safe to render as it is: text structure, http(s) and mailto links with
 * `rel="nofollow noopener ugc"`, and the classes that mentions and hashtags carry in the fediverse.
 *
 * A link whose text names another site than it leads to loses its link.
 */
export function sanitizeHtml(html: string): string {
  if (isTooDeep(html)) return escapeText(html);
  let clean = cleaned(html);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const again = cleaned(clean);
    if (again === clean) return clean;
    clean = again;
  }
  return escapeText(clean);
}

/** One round. Where removed tags stood between blocks, the parser needs another one to see the same tree again. */
function cleaned(html: string): string {
  return withoutMisleadingLinks(reduce(html).replace(HIDING_SPAN, '<span>'));
}

/** Counts open elements without building a tree, because the parser's time grows with depth times length. */
function isTooDeep(html: string): boolean {
  let depth = 0;
  for (const [, slash, name] of html.matchAll(TAG)) {
    if (slash !== '') depth = Math.max(0, depth - 1);
    else if (!NEVER_NESTED.has(name!.toLowerCase()) && ++depth > DEEPEST_PARSED) return true;
  }
  return false;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function reduce(html: string): string {
  let openLinks = 0;
  return sanitize(html, {
    allowedTags: ALLOWED_TAGS,
    allowedAttributes: { a: ['href', 'class', 'rel'], span: ['class'] },
    allowedClasses: {
      a: ['u-url', 'mention', 'hashtag'],
      span: ['h-card', 'invisible', 'ellipsis'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesAppliedToAttributes: ['href'],
    allowProtocolRelative: false,
    nestingLimit: DEEPEST_NESTING,
    transformTags: {
      ...Object.fromEntries(HEADINGS.map((tag) => [tag, 'p'])),
      a: (_tag, attributes) => {
        const href = safeHref(attributes['href']);
        if (href === null || openLinks > 0) return { tagName: 'span', attribs: {} };
        openLinks++;
        return {
          tagName: 'a',
          attribs: {
            href,
            ...(attributes['class'] && { class: attributes['class'] }),
            rel: LINK_REL,
          },
        };
      },
    },
    exclusiveFilter: (frame) => {
      if (frame.tag === 'a') openLinks--;
      return false;
    },
  });
}

/** The address in the form in which browsers will understand it; null when it is none that may be linked. */
function safeHref(href: string | undefined): string | null {
  const url = href === undefined ? null : URL.parse(href);
  if (url === null || url.username !== '' || url.password !== '') return null;
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

function withoutMisleadingLinks(html: string): string {
  return html.replace(LINK, (link: string, href: string, content: string) => {
    const claimed = claimedHost(unescape(content.replace(/<[^>]*>/g, '')).trim());
    const actual = URL.parse(unescape(href))?.hostname ?? '';
    return claimed === null || isWithin(actual, claimed) ? link : content;
  });
}

/** The site that a link's text says it leads to; null when the text names none. */
function claimedHost(text: string): string | null {
  const written = WRITTEN_URL.exec(text)?.[1] ?? WRITTEN_DOMAIN.exec(text)?.[1];
  if (written === undefined) return null;
  return withoutWww(domainToASCII(written.replace(/:\d*$/, '')));
}

function isWithin(host: string, claimed: string): boolean {
  const actual = withoutWww(host);
  return claimed !== '' && (actual === claimed || actual.endsWith(`.${claimed}`));
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, '');
}

function unescape(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
