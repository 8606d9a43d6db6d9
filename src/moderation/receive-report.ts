/** Reports of other servers. What becomes of them is decided here, as of all others. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { siteOf } from '../platform/site-of.js';
import { cutText } from '../platform/storable-text.js';
import { keptSubjects } from './internal/kept-subjects.js';
import { reportFiled } from './moderation.events.js';
import type { ReportId, SubjectId } from './report.js';

/** A report about one actor, as another server sends it. */
export interface RemoteReport {
  /** Identity of the activity: what it says of one actor counts once. */
  readonly activityUri: string;
  /** Null = the server does not name anybody. */
  readonly reporterId: ActorId | null;
  readonly host: string;
  readonly targetId: ActorId;
  readonly subjectIds: readonly SubjectId[];
  /** Plain text. */
  readonly comment: string;
}

const COMMENT_LENGTH = 2000;
const HOURLY = { name: 'flags-hourly', points: 30, windowSeconds: 3600, failsClosed: false };
const DAILY = { name: 'flags-daily', points: 200, windowSeconds: 86_400, failsClosed: false };

const INSERT = statement(
  'reports.insert_remote',
  `insert into reports (id, activity_uri, reporter_id, reporter_host, target_id, category, comment, subjects, subject_ids,
     status, created_at)
   values ($1, $2, $3, $4, $5, 'OTHER', $6, $7::jsonb, $8::uuid[], 'OPEN', $9)
   on conflict do nothing returning id`,
);

/**
 * Counts reports of a server, and of all others of its domain.
 *
 * @throws {RateLimited} RATE_LIMITED for more than 30 in an hour or 200 in a day
 */
export async function countRemoteReports(
  services: Pick<Services, 'rateLimiter'>,
  host: string,
): Promise<void> {
  const site = siteOf(host);
  await requireRate(services, HOURLY, site);
  await requireRate(services, DAILY, site);
}

/** Puts a report into the queue of the staff; one that is there changes nothing. Opens its own transaction. */
export async function receiveReport(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  report: RemoteReport,
): Promise<void> {
  const { activityUri, reporterId, host, targetId, comment } = report;
  await database.transaction(async (tx) => {
    const now = clock.now();
    const subjects = await keptSubjects(tx, report.subjectIds, targetId);
    const row = await tx.row<{ id: ReportId }>(INSERT, [
      newId<'report'>(now),
      activityUri,
      reporterId,
      host,
      targetId,
      cutText(comment, COMMENT_LENGTH),
      JSON.stringify(subjects),
      subjects.map(({ id }) => id),
      now,
    ]);
    if (row) await tx.append(reportFiled, { reportId: row.id, targetId });
  });
}
