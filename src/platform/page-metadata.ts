/** What a page of the web says about itself, as plain text. */
import { readAlternate, readPageTags } from './internal/page-tags.js';

/** Title, summary and site of a page. */
export interface PageMetadata {
  readonly title: string;
  /** Null when it says none. */
  readonly description: string | null;
  /** Null when it says none. */
  readonly siteName: string | null;
}

const TITLE_LENGTH = 300;
const DESCRIPTION_LENGTH = 500;
const SNIFFED_BYTES = 1024;
/** More than what stands before the end of any head; a page's own bytes bound the work that it causes. */
const READ_BYTES = 512 * 1024;
// Control characters, and those that turn the direction of what stands around them.
const INVISIBLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Reads OpenGraph, the tags of Twitter and those of HTML, in this order.
 *
 * @param contentType as the server sent it; its charset counts before that of the page
 * @returns null when the page has no title
 * @source https://ogp.me
 */
export function readPageMetadata(body: Buffer, contentType: string): PageMetadata | null {
  const tags = readPageTags(decode(body.subarray(0, READ_BYTES), contentType));
  const title = firstText(
    TITLE_LENGTH,
    tags.get('og:title'),
    tags.get('twitter:title'),
    tags.get('title'),
  );
  if (title === null) return null;
  return {
    title,
    description: firstText(
      DESCRIPTION_LENGTH,
      tags.get('og:description'),
      tags.get('twitter:description'),
      tags.get('description'),
    ),
    siteName: firstText(TITLE_LENGTH, tags.get('og:site_name')),
  };
}

/**
 * Where a page says that another form of it stands, of such a type.
 *
 * @param at where the page stands
 * @returns null when it names none
 */
export function readAlternateAddress(
  body: Buffer,
  contentType: string,
  at: string,
  type: RegExp,
): string | null {
  const href = readAlternate(decode(body.subarray(0, READ_BYTES), contentType), type);
  return href === null ? null : (URL.parse(href, at)?.href ?? null);
}

function decode(body: Buffer, contentType: string): string {
  const declared = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
  const head = body.subarray(0, SNIFFED_BYTES).toString('latin1');
  const label = declared ?? /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(body);
  } catch {
    return new TextDecoder('utf-8').decode(body);
  }
}

function firstText(length: number, ...values: readonly (string | undefined)[]): string | null {
  for (const value of values) {
    const text = (value ?? '').replace(INVISIBLE, ' ').replace(/\s+/gu, ' ').trim();
    if (text !== '') return shorten(text, length);
  }
  return null;
}

function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
