/** What readers leave out of their lists: whom they mute, and what their keyword filters hide. */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { FilterContext } from '../filters/content-filter.js';
import { hidesSomething, isNotHidden, type FilterReader } from '../filters/filter-conditions.js';
import { blockedBetween } from './visibility.js';

/** SQL expression of everything that a post or comment (alias of `posts`) says: warning, text, descriptions of media. */
export function textOf(alias: string): string {
  return `concat_ws(E'\\n', ${alias}.content_warning, html_text(${alias}.content_html),
    (select string_agg(described.alt_text, E'\\n') from post_media shown join media described on described.id = shown.media_id
      where shown.post_id = ${alias}.id))`;
}

/** True for posts or comments (alias of `posts`) that no filter of the reader hides in a context; never for own ones. */
export function notFiltered(alias: string, reader: FilterReader, context: FilterContext): string {
  const isOwn = `${alias}.author_id = ${reader.viewer}`;
  return `case when ${isOwn} then true else ${isNotHidden(reader, context, textOf(alias))} end`;
}

/** True when the reader has filters for a context, so that `notFiltered` can be false there. */
export function hasFilters(reader: FilterReader, context: FilterContext): string {
  return hidesSomething(reader, context);
}

/**
 * True for posts that stand in lists for everybody: not of an author (alias `author`) whom the staff limited, unless the
 * reader follows them or is them.
 */
export function notLimited(viewer: string): string {
  return `(author.status <> 'LIMITED' or author.id = ${viewer} or exists (
    select from follows where follower_id = ${viewer} and followee_id = author.id and state = 'ACCEPTED'))`;
}

/** True for posts (alias of `posts`) whose author the reader does not mute, and whose server they do not block. */
export function notMuted(alias: string, { viewer, now }: FilterReader): string {
  return `not exists (select from mutes where muter_id = ${viewer} and muted_id = ${alias}.author_id
    and (expires_at is null or expires_at > ${now}))
    and not ${blocksDomainOf(viewer, `${alias}.author_id`)}`;
}

/**
 * True for posts (alias of `posts`) that do not show the video of somebody whom the reader does not want to see, or may
 * not: a duet shows the video of somebody else, and so does a stitch. One that its own author deleted stays in what was
 * made of it; own posts are always shown.
 */
export function showsNobodyHidden(alias: string, reader: FilterReader): string {
  return `(${alias}.kind <> 'video' or ${alias}.author_id = ${reader.viewer} or not exists (
    select from post_media part join remixes made on made.media_id = part.media_id and made.kind in ('DUET', 'STITCH')
      join posts original on original.id = made.original_id join actors whose on whose.id = original.author_id
    where part.post_id = ${alias}.id and (original.removed_at is not null or whose.status = 'SUSPENDED'
      or ${blockedBetween('original.author_id', reader.viewer)} or not (${notMuted('original', reader)}))))`;
}
