/** What an action is about, in a line each: its author may not see it any more, and still has to know it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader } from '../../platform/db/database.js';

/** Something that its author published. */
export interface ConcernedContent {
  readonly url: string;
  readonly publishedAt: Date;
  /** The beginning of what it says, in one line; empty where it says nothing. */
  readonly words: string;
}

const WORDS = 120;
const wordsOf = (html: string): string =>
  `left(btrim(regexp_replace(coalesce(html_text(${html}), ''), '\\s+', ' ', 'g')), ${WORDS})`;

const CONCERNED = statement(
  'moderation.concerned_content',
  `select p.id, p.url, p.published_at as "publishedAt", ${wordsOf('p.content_html')} as words
   from posts p where p.id = any($1::uuid[]) and p.author_id = $2
   union all
   select s.id, a.url, s.published_at, ${wordsOf('s.caption_html')}
   from stories s join actors a on a.id = s.author_id where s.id = any($1::uuid[]) and s.author_id = $2
   union all
   select pack.id, a.url, pack.created_at, left(pack.title, ${WORDS})
   from starter_packs pack join actors a on a.id = pack.owner_id
   where pack.id = any($1::uuid[]) and pack.owner_id = $2
   order by id`,
);

/** The things among `subjectIds` that are an actor's, the oldest first, whether or not anybody still sees them. */
export function findConcernedContent(
  reader: Reader,
  actorId: ActorId,
  subjectIds: readonly string[],
): Promise<ConcernedContent[]> {
  return reader.rows<ConcernedContent>(CONCERNED, [subjectIds, actorId]);
}
