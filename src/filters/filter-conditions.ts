/**
 * Keyword filters as SQL. Texts are folded once per row, and only for readers who have filters; a keyword is then
 * found as a part of the text, so that no keyword costs more than reading it.
 */
import type { FilterContext } from './content-filter.js';

/** SQL expressions of who reads, and when: filters end. */
export interface FilterReader {
  /** Actor id; null = anonymous. */
  readonly viewer: string;
  readonly now: string;
}

/** True when the reader has a filter that hides things in a context. */
export function hidesSomething(reader: FilterReader, context: FilterContext): string {
  return `exists (select ${hiding(reader, context)})`;
}

/**
 * True unless a filter hides a text from the reader in a context. It is one expression that the planner does not look
 * into: it would expect that hardly a row is left, and then prepare for reading them all.
 *
 * @param text SQL expression; read only where the reader hides something there
 */
export function isNotHidden(reader: FilterReader, context: FilterContext, text: string): string {
  return `case when not ${hidesSomething(reader, context)} then true else not exists (
    with said as materialized (select ${foldedText(text)})
    select from said, content_filter_keywords keyword
    where keyword.filter_id in (select filter.id ${hiding(reader, context)}) and ${says('said', 'keyword')}) end`;
}

function hiding({ viewer, now }: FilterReader, context: FilterContext): string {
  return `from content_filters filter where filter.owner_id = ${viewer} and filter.action = 'HIDE'
    and '${context}' = any(filter.contexts) and ${isInForce('filter', now)}`;
}

/** Columns `plain` and `words` of a text, as `says` needs them. */
export function foldedText(text: string): string {
  return `filter_plain(${text}) as plain, filter_words(${text}) as words`;
}

/** True when a folded text says a keyword; both are aliases. */
export function says(said: string, keyword: string): string {
  return `strpos(case when ${keyword}.is_whole_word then ${said}.words else ${said}.plain end, ${keyword}.needle) > 0`;
}

/** True for a filter (alias) that has not ended. */
export function isInForce(filter: string, now: string): string {
  return `(${filter}.expires_at is null or ${filter}.expires_at > ${now})`;
}
