/** Adds up what people did with each post on days that are over: each day once, however often the job runs. */
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { firstIdAt } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';
import { isCountedIn } from '../../posts/comment-visibility.js';
import { LIKE } from '../../posts/reaction-content.js';

const DAY_SECONDS = 24 * 3600;
/** How far back days are made up for that nothing ran on. */
const MADE_UP_DAYS = 30;

const NEXT = statement(
  'playback.next_engagement_day',
  `select day::text as day from generate_series($1::date, $2::date, interval '1 day') as due(day)
   where not exists (select from engagement_days where engagement_days.day = due.day::date) order by day limit 1`,
);
const CLAIM = statement(
  'playback.claim_engagement_day',
  'insert into engagement_days (day) values ($1::date) on conflict (day) do nothing returning day',
);
// Ids begin with the time: a range of ids is a range of time. Each person counts once for each post and kind, the
// author and whoever is suspended not at all.
const COUNT = statement(
  'playback.count_engagement',
  `with act as (
     select r.post_id, r.actor_id, 'like' as kind from reactions r where r.id >= $2::uuid and r.id < $3::uuid and r.content = '${LIKE}'
     union all select c.root_id, c.author_id, 'comment' from posts c
       where c.id >= $2::uuid and c.id < $3::uuid and c.kind = 'comment' and c.deleted_at is null and c.hidden_through is null
         and ${isCountedIn('c')}
     union all select r.post_id, r.actor_id, 'repost' from reposts r where r.id >= $2::uuid and r.id < $3::uuid),
   counted as (
     select act.post_id, count(distinct act.actor_id) filter (where act.kind = 'like') as likes,
       count(distinct act.actor_id) filter (where act.kind = 'comment') as comments,
       count(distinct act.actor_id) filter (where act.kind = 'repost') as reposts
     from act join posts p on p.id = act.post_id join actors who on who.id = act.actor_id
     where p.is_local and p.deleted_at is null and act.actor_id <> p.author_id
       and who.status in ('ACTIVE', 'MOVED', 'MEMORIAL')
     group by act.post_id)
   insert into post_days as known (post_id, day, likes, comments, reposts)
   select post_id, $1::date, likes, comments, reposts from counted order by post_id
   on conflict (post_id, day) do update set likes = excluded.likes, comments = excluded.comments, reposts = excluded.reposts`,
);
const FORGET = statement(
  'playback.forget_engagement_days',
  'delete from engagement_days where day < $1::date',
);

/** Runs by the clock; a second run right after the first finds nothing. */
export const countEngagement = defineJob<Record<string, never>>(
  'countEngagement',
  async ({ database, clock }: JobContext) => {
    const before = (days: number): string => dayOf(addSeconds(clock.now(), -days * DAY_SECONDS));
    for (;;) {
      const due = [before(MADE_UP_DAYS), before(1)];
      const next = await database.row<{ day: string }>(NEXT, due);
      if (!next) break;
      await database.transaction((tx) => countDay(tx, next.day.slice(0, 10)));
    }
    await database.rows(FORGET, [before(2 * MADE_UP_DAYS)]);
  },
);

async function countDay(tx: Transaction, day: string): Promise<void> {
  if (!(await tx.row(CLAIM, [day]))) return;
  const begin = new Date(day);
  await tx.rows(COUNT, [day, firstIdAt(begin), firstIdAt(addSeconds(begin, DAY_SECONDS))]);
}

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
