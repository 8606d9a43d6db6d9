/** HTML of others as it may be shown: a few marks of text, nothing that loads, runs or looks like something else. */
import sanitizeHtml from 'sanitize-html';

const TEXT_LIMIT = 20_000;

/** @param html at most 20,000 characters are looked at */
export const sanitise = (html: string): string =>
  sanitizeHtml(html.slice(0, TEXT_LIMIT), {
    allowedTags: [
      'p',
      'br',
      'b',
      'strong',
      'i',
      'em',
      's',
      'code',
      'pre',
      'blockquote',
      'ul',
      'ol',
      'li',
      'a',
    ],
    allowedAttributes: { a: ['href', 'rel', 'target'] },
    allowedSchemes: ['https', 'http', 'mailto'],
    allowProtocolRelative: false,
    transformTags: {
      a: sanitizeHtml.simpleTransform('a', {
        rel: 'nofollow noopener noreferrer',
        target: '_blank',
      }),
    },
  });

/** Plain text as HTML. */
export const htmlOf = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>');

/** The text of HTML, for where there are no marks. */
export function plainOf(html: string): string {
  const text = sanitizeHtml(html.replaceAll(/<br\s*\/?>|<\/p>/gi, '\n'), {
    allowedTags: [],
    allowedAttributes: {},
  });
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .trim();
}
