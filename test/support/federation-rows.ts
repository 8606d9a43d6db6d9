// What is looked at when another server has sent whatever it likes.
import { statement } from '../../src/platform/db/database.js';

/**
 * Everything but what a sender has and does, and but for people who came to be known: by the sender's id, address and
 * host, and the ids of everybody who was known before.
 */
export const OF_OTHERS = statement(
  'test.of_others',
  `select 'post' as what, to_jsonb(p)::text as as_it_is from posts p where author_id <> $1
   union all select 'revision', to_jsonb(r)::text from post_revisions r join posts p on p.id = r.post_id where p.author_id <> $1
   union all select 'reaction', to_jsonb(r)::text from reactions r where actor_id <> $1
   union all select 'repost', to_jsonb(r)::text from reposts r where actor_id <> $1
   union all select 'follow', to_jsonb(f)::text from follows f where $1 not in (follower_id, followee_id)
   union all select 'block', to_jsonb(b)::text from blocks b where blocker_id <> $1
   union all select 'tombstone', to_jsonb(t)::text from remote_tombstones t where actor_uri <> $2
   union all select 'account', to_jsonb(a)::text from accounts a
   union all select 'mail', to_jsonb(d)::text from deliveries d where host <> $3
   union all select 'actor', (to_jsonb(a) - 'updated_at')::text from actors a where id <> $1 and id = any($4::uuid[])
   union all select 'key', (to_jsonb(r) - 'fetched_at')::text from remote_actors r where actor_id <> $1 and actor_id = any($4::uuid[])
   order by 1, 2`,
);
/** Everybody who is known. */
export const ACTORS = statement('test.actors', 'select array_agg(id) as ids from actors');
/** What must never be, whatever was received: work that is not over, and rows that do not fit together. */
export const BROKEN = statement(
  'test.broken',
  `select 'not carried out' as what, activity_uri as which from received_activities where handled_at is null
   union all select 'job failed: ' || t.identifier, j.last_error from graphile_worker._private_jobs j
     join graphile_worker._private_tasks t on t.id = j.task_id where j.last_error is not null
   union all select 'no counts', p.uri from posts p where not exists (select from post_counts c where c.post_id = p.id)
   union all select 'no pictures', p.uri from posts p where kind = 'photo' and not is_local and deleted_at is null
     and not exists (select from post_media m where m.post_id = p.id)
   union all select 'another origin', p.uri from posts p join actors a on a.id = p.author_id
     where not starts_with(p.uri, regexp_replace(a.uri, '^(https://[^/]+).*', '\\1'))
   union all select 'miscounted', p.uri from posts p join post_counts c on c.post_id = p.id where p.deleted_at is null
     and (c.reactions <> (select count(*) from reactions r where r.post_id = p.id)
       or c.reposts <> (select count(*) from reposts r where r.post_id = p.id)
       or p.kind <> 'comment' and c.comments <> (select count(*) from posts o
         where o.root_id = p.id and o.deleted_at is null and o.hidden_through is null and o.narrowed_through is null))
   union all select 'miscounted followers', a.uri from actors a join actor_counts c on c.actor_id = a.id
     where c.followers <> (select count(*) from follows f where f.followee_id = a.id and f.state = 'ACCEPTED')
       or c.following <> (select count(*) from follows f where f.follower_id = a.id and f.state = 'ACCEPTED')
   union all select 'not answered', f.id::text from follows f join actors a on a.id = f.followee_id
     join actors o on o.id = f.follower_id
     where a.domain is null and o.domain is not null and f.state = 'ACCEPTED' and not exists (
       select from sent_activities s where s.actor_id = a.id and s.subject_id = o.id and s.body::jsonb->>'type' = 'Accept')`,
);
/** Activities of a sender: kept, and those of them that were carried out. */
export const EFFECTS = statement(
  'test.fuzz_effects',
  `select count(*) filter (where refusal is null)::int as done, count(*)::int as kept from received_activities where actor_uri = $1`,
);
