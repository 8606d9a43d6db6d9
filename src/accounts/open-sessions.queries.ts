/** Whether the sessions behind open connections still hold: asked for all of them at once. */
import type { Reader } from '../platform/db/database.js';
import { statement } from '../platform/db/database.js';
import type { SessionId } from './session.entity.js';

/** Why a session does not hold any more. */
export type SessionEnd = 'REVOKED' | 'EXPIRED';

const ENDED = statement(
  'sessions.ended',
  `select asked.id, case when s.revoked_at is null and a.state = 'ACTIVE' then 'EXPIRED' else 'REVOKED' end as "end"
   from unnest($1::uuid[]) asked (id)
   left join sessions s on s.id = asked.id left join accounts a on a.id = s.account_id
   where s.id is null or s.revoked_at is not null or a.state <> 'ACTIVE' or s.expires_at <= $2`,
);

/** Those of the sessions that have ended, and why; a session that is gone counts as revoked. */
export async function findEndedSessions(
  reader: Reader,
  sessionIds: readonly SessionId[],
  now: Date,
): Promise<Map<SessionId, SessionEnd>> {
  const rows = await reader.rows<{ id: SessionId; end: SessionEnd }>(ENDED, [sessionIds, now]);
  return new Map(rows.map(({ id, end }) => [id, end]));
}
