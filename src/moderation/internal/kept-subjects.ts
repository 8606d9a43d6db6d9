/** What somebody published, as a report keeps it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { ReportedSubject, SubjectId } from '../report.js';

// What the reported said is kept as it is now: they may delete it, and the staff must still see it.
const SUBJECTS = statement(
  'reports.subjects',
  `select p.id, case when p.kind = 'comment' then 'comment' else 'post' end as kind, p.url, p.content_html as content,
     p.content_warning as "contentWarning", p.published_at as "publishedAt"
   from posts p where p.id = any($1::uuid[]) and p.author_id = $2
   union all
   select s.id, 'story', a.url, s.caption_html, null, s.published_at from stories s join actors a on a.id = s.author_id
   where s.id = any($1::uuid[]) and s.author_id = $2
   union all
   select pack.id, 'starterpack', a.url,
     '<p>' || replace(replace(pack.title, '&', '&amp;'), '<', '&lt;') || '</p>' || pack.description_html, null, pack.created_at
   from starter_packs pack join actors a on a.id = pack.owner_id
   where pack.id = any($1::uuid[]) and pack.owner_id = $2
   order by id`,
);
/** The things among `subjectIds` that are an actor's, as they are now. */
export function keptSubjects(
  reader: Reader,
  subjectIds: readonly SubjectId[],
  actorId: ActorId,
): Promise<ReportedSubject[]> {
  return reader.rows<ReportedSubject>(SUBJECTS, [subjectIds, actorId]);
}
