/** A title above a text: what has one begins with it, so that it is read wherever only the text is. */
import { titleHtml } from './markdown.js';
import type { Content } from './compose-content.js';

/** The text with its title; null = as it is. */
export function headContent<Text extends Pick<Content, 'html'>>(
  title: string | null,
  content: Text,
): Text {
  return title === null ? content : { ...content, html: titleHtml(title) + content.html };
}
