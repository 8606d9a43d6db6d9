/** The author's own words in a profile, as clean HTML: line breaks and links, no headings or pictures. */
import MarkdownIt from 'markdown-it';
import { sanitizeHtml } from '../../platform/sanitize-html.js';

const BLOCKS = ['table', 'fence', 'code', 'hr', 'heading', 'lheading', 'html_block', 'reference'];
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable([
  'image',
  ...BLOCKS,
]);

/** Bio: paragraphs. */
export function renderBio(source: string): string {
  return sanitizeHtml(markdown.render(source)).trim();
}

/** Value of a profile field: one line. */
export function renderFieldValue(source: string): string {
  return sanitizeHtml(markdown.renderInline(source)).trim();
}
