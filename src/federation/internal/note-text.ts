/** The text of what another server published: a note as it is; anything longer, or of another kind, with a way to it. */
import { parseMarkdown, renderMarkdown } from '../../posts/content/markdown.js';
import { oneLine } from '../../platform/one-line.js';
import { cutText } from '../../platform/storable-text.js';
import type { JsonObject } from './read-document.js';
import { listOf, objectOf, pageOf, textOf, webAddressOf } from './read-properties.js';

/** What of a text is shown here. */
export interface NoteText {
  /** HTML as it came, with what was added to it. */
  readonly html: string;
  /** Null for a note, and where there is none. */
  readonly title: string | null;
  /** What hides the text; null = nothing. */
  readonly contentWarning: string | null;
}

/** What is shown whole; of everything else there is more on its own page. */
const WHOLE = new Set(['Note', 'Image']);
const LONGEST_TITLE = 200;
const LONGEST_MARKDOWN = 20_000;
/** What is named is said by the document, not by its text. */
const NO_TARGETS = { hashtagUrl: () => null, mentioned: () => null };
const MOST_CHOICES = 20;
const MOST_LINKS = 4;
const MOVING = /^(?:video|audio)\//;

/** Reads the text of a document of a known type. */
export function readNoteText(
  document: JsonObject & { readonly id: string },
  type: string,
  hasVideo: boolean,
): NoteText {
  const summary = nonBlank(plain(textOf(document['summary'])));
  const content = contentOf(document);
  const links = hasVideo ? '' : recordings(document);
  if (WHOLE.has(type))
    return { html: (content ?? '') + links, title: null, contentWarning: summary };
  const title = oneLine(plain(textOf(document['name'])) ?? '') || null;
  // An article has an abstract where a note has a warning.
  const isWarning = document['sensitive'] === true || type === 'Question';
  const body = content ?? (isWarning || summary === null ? '' : paragraph(escape(summary)));
  return {
    html: [heading(title), body, choices(document), links, hasVideo ? '' : more(document)].join(''),
    title: title === null ? null : cutText(title, LONGEST_TITLE),
    contentWarning: isWarning ? summary : null,
  };
}

/** Whether HTML has anything that a person could read. */
export function hasText(html: string): boolean {
  return nonBlank(plain(html)) !== null;
}

function heading(title: string | null): string {
  return title === null
    ? ''
    : paragraph(`<strong>${escape(cutText(title, LONGEST_TITLE))}</strong>`);
}

/** What is written in it, as HTML: PeerTube writes Markdown. */
function contentOf(document: JsonObject): string | null {
  const [firstVersion] = Object.values(objectOf(document['contentMap']) ?? {});
  const content = nonBlank(textOf(document['content'] ?? firstVersion));
  if (content === null || document['mediaType'] !== 'text/markdown') return content;
  return renderMarkdown(parseMarkdown(cutText(content, LONGEST_MARKDOWN)), NO_TARGETS);
}

/** What a poll lets one choose from: who wants to vote goes to its page. */
function choices(document: JsonObject): string {
  const names = [...listOf(document['oneOf']), ...listOf(document['anyOf'])]
    .map((choice) => nonBlank(plain(textOf(objectOf(choice)?.['name']))))
    .filter((name) => name !== null)
    .slice(0, MOST_CHOICES)
    .map((name) => `<li>${escape(cutText(name, LONGEST_TITLE))}</li>`);
  return names.length === 0 ? '' : `<ul>${names.join('')}</ul>`;
}

/** Sound and moving pictures that are attached, as links. */
function recordings(document: JsonObject): string {
  return listOf(document['attachment'])
    .map((one) => objectOf(one))
    .filter((one) => MOVING.test(textOf(one?.['mediaType']) ?? ''))
    .map((one) => webAddressOf(one?.['url']))
    .filter((url) => url !== null)
    .slice(0, MOST_LINKS)
    .map((url) => link(url))
    .join('');
}

function more(document: JsonObject & { readonly id: string }): string {
  return link(pageOf(document['url']) ?? document.id);
}

function link(url: string): string {
  return paragraph(`<a href="${escape(url)}">${escape(url)}</a>`);
}

function paragraph(html: string): string {
  return `<p>${html}</p>`;
}

/** Text without tags; some servers write HTML where plain text belongs. */
function plain(text: string | null): string | null {
  return text === null ? null : text.replace(/<[^<>]*>/g, '');
}

function nonBlank(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text.trim();
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
