/** Looks now and then at what the logs of other servers say of people with whom somebody here chats encrypted. */
import { isShown } from '../../posts/visibility.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { originOf } from '../addresses.js';
import type { FetchServices } from '../internal/fetch-document.js';
import { inTurns } from '../internal/in-turns.js';
import { readRemoteKeyLog } from '../remote-key-logs.js';

/** Of one person; sooner where their server has shown other keys since. */
const LOOK_AGAIN_SECONDS = 6 * 60 * 60;
const LOOK_AGAIN_AT_CHANGED_SECONDS = 10 * 60;
/** People of one run; the next one goes on. */
const MOST = 200;
/** Servers that are asked at the same time; the people of one come one after the other. */
const AT_ONCE = 4;
/** Of one server in one run, in ms: who answers slowly holds up nobody else. */
const PATIENCE_MS = 60_000;

// Whose key packages somebody here has asked for is whom they chat with. Each server has its turn before any has its next
// one: those of whom many are due, and that do not answer, let nobody else wait.
const DUE = statement(
  'remote_key_log_reads.due',
  `select a.uri from remote_key_lists list join actors a on a.id = list.actor_id
     left join remote_key_log_reads read on read.actor_id = a.id
   where list.asked_at is not null and a.domain is not null and ${isShown('a.status')}
     and a.domain_severity is distinct from 'SUSPEND'
     and (read.actor_id is null or read.tried_at < $1 or (read.is_stale and read.tried_at < $2))
   order by row_number() over (partition by split_part(a.uri, '/', 3) order by read.tried_at nulls first, a.id),
     read.tried_at nulls first, a.id limit ${MOST}`,
);

/** Runs by the clock. */
export const watchKeyLogs = defineJob<Record<string, never>>(
  'watchKeyLogs',
  async (context) => {
    const now = context.clock.now();
    const since = [LOOK_AGAIN_SECONDS, LOOK_AGAIN_AT_CHANGED_SECONDS];
    const due = await context.database.rows<{ uri: string }>(
      DUE,
      since.map((seconds) => addSeconds(now, -seconds)),
    );
    const servers = Map.groupBy(due, ({ uri }) => originOf(uri));
    await inTurns([...servers.values()], AT_ONCE, (people) => watchAll(context, people));
  },
  { asksOutside: true },
);

/** Where a server does not answer for one, or takes its time, the others wait for the next run. */
async function watchAll(
  services: FetchServices,
  people: readonly { readonly uri: string }[],
): Promise<void> {
  const endsAt = performance.now() + PATIENCE_MS;
  for (const { uri } of people) {
    const answer = await readRemoteKeyLog(services, uri);
    if (answer === 'UNAVAILABLE' || performance.now() > endsAt) return;
  }
}
