/** Reads of reports. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { ReportId, ReportRow, ReportStatus } from './report.js';

const COLUMNS = `r.id, r.reporter_id as "reporterId", r.reporter_host as "reporterHost",
  r.is_forwarded as "isForwarded", r.target_id as "targetId", r.category, r.comment,
  r.rule_ids as "ruleIds", r.subjects, r.messages, r.status, r.assignee_id as "assigneeId", r.staff_note as "staffNote",
  r.created_at as "createdAt", r.resolved_at as "resolvedAt"`;

const BY_IDS = statement(
  'reports.by_ids',
  `select ${COLUMNS} from reports r where r.id = any($1::uuid[]) and ($2::uuid is null or r.reporter_id = $2)`,
);
const CHOSEN = `($3::text is null or r.status = $3) and ($4::uuid is null or r.target_id = $4)`;
const FORWARD = statement(
  'reports.forward',
  `select ${COLUMNS} from reports r where ${CHOSEN} and r.id > $1::uuid order by r.id limit $2`,
);
const BACKWARD = statement(
  'reports.backward',
  `select ${COLUMNS} from reports r where ${CHOSEN} and r.id < $1::uuid order by r.id desc limit $2`,
);

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Reports by id, in no particular order; `reporterId` null = whoever made them. */
export function findReports(
  reader: Reader,
  ids: readonly ReportId[],
  reporterId: ActorId | null,
): Promise<ReportRow[]> {
  return reader.rows<ReportRow>(BY_IDS, [ids, reporterId]);
}

/** Which reports; null = all. */
export interface ReportChoice {
  readonly status: ReportStatus | null;
  readonly targetId: ActorId | null;
}

/** A page of reports, first come first; one more than the page shows. */
export function listReports(
  reader: Reader,
  { status, targetId }: ReportChoice,
  request: PageRequest,
): Promise<ReportRow[]> {
  const from = request.from?.[0] ?? (request.isBackward ? LAST : FIRST);
  const list = request.isBackward ? BACKWARD : FORWARD;
  return reader.rows<ReportRow>(list, [from, request.size + 1, status, targetId]);
}
