/** The link that servers write into a text for those who show no quotes: it goes where the quote itself is shown. */

const MARKED = /<(p|span) class="quote-inline">(?:(?!<\/?\1\b)[^]){0,4096}<\/\1>/g;
const BEFORE = /(?:<(?:br|span)[^<>]{0,40}>|\s){0,8}(?:RE|QT|RT):\s?(?:<\/span>)?\s?$/i;
const EMPTY_PARAGRAPH = /<p>\s*<\/p>/g;
const LONGEST_BEFORE = 400;

/** Takes out what a server marked as such a link, and `RE: <link>` to one of the addresses of what is quoted. */
export function stripQuoteLink(html: string, addresses: readonly string[]): string {
  let stripped = html.replace(MARKED, '');
  for (const address of addresses) stripped = withoutLink(stripped, address);
  return stripped === html ? html : stripped.replace(EMPTY_PARAGRAPH, '');
}

function withoutLink(html: string, address: string): string {
  const at = html.lastIndexOf(`href="${address.replaceAll('&', '&amp;')}"`);
  const start = at < 0 ? -1 : html.lastIndexOf('<a ', at);
  const end = at < 0 ? -1 : html.indexOf('</a>', at);
  if (start < 0 || end < 0) return html;
  const before = html.slice(0, start);
  const [words] = BEFORE.exec(before.slice(-LONGEST_BEFORE)) ?? [];
  if (words === undefined) return html;
  return before.slice(0, before.length - words.length) + html.slice(end + '</a>'.length);
}
