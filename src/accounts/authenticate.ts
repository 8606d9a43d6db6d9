/** From a bearer token to the viewer behind it. Every door asks here: HTTP, WebSocket, uploads. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { addSeconds } from '../platform/clock.js';
import type { Services, Viewer } from '../platform/context.js';
import { statement, type Database } from '../platform/db/database.js';
import { gatheredFor } from '../platform/gathered.js';

/** What is stored of a token. */
export function digestToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

const FIND_VIEWERS = statement(
  'sessions.viewers',
  `select asked.place::int, s.id as "sessionId", s.account_id as "accountId", a.actor_id as "actorId", a.role, s.scopes
   from unnest($1::bytea[]) with ordinality as asked(digest, place)
     join sessions s on s.token_digest = asked.digest join accounts a on a.id = s.account_id
   where s.revoked_at is null and (s.expires_at is null or s.expires_at > $2) and a.state = 'ACTIVE'`,
);

/** Of tokens of requests that come at the same time; what is revoked before a request comes proves nobody. */
const findTogether = gatheredFor(
  async (
    database: Database,
    asked: readonly { readonly token: string; readonly now: Date }[],
  ): Promise<(Viewer | null)[]> => {
    const digests = asked.map(({ token }) => digestToken(token));
    const now = asked.at(-1)!.now;
    const rows = await database.rows<Viewer & { place: number }>(FIND_VIEWERS, [digests, now]);
    const viewers: (Viewer | null)[] = asked.map(() => null);
    for (const { place, ...viewer } of rows) viewers[place - 1] = viewer;
    return viewers;
  },
);

/** The viewer of a token; null when it is unknown, expired, revoked, or its account is not active. */
export function findViewer(database: Database, token: string, now: Date): Promise<Viewer | null> {
  return findTogether(database, { token, now });
}

const TOUCH_SECONDS = 60;
const DAY_SECONDS = 86_400;
const SESSIONS_REMEMBERED = 50_000;

/** When this process last noted that a session was used, in ms: most requests need no statement for it. */
const touchedAt = new LRUCache<string, number>({ max: SESSIONS_REMEMBERED });

const TOUCH = statement(
  'sessions.touch',
  `update sessions set last_used_at = $2, expires_at = case when kind = 'SESSION' then $3 else expires_at end
   where id = $1 and revoked_at is null and (last_used_at is null or last_used_at <= $4)`,
);

/**
 * As `findViewer`, and notes at most once a minute that the token was used: a session that is used does not
 * expire, one that is idle does.
 */
export async function authenticateToken(
  services: Pick<Services, 'database' | 'clock' | 'config'>,
  token: string,
): Promise<Viewer | null> {
  const now = services.clock.now();
  const viewer = await findViewer(services.database, token, now);
  if (viewer) await touch(services, viewer, now);
  return viewer;
}

async function touch(
  { database, config }: Pick<Services, 'database' | 'config'>,
  { sessionId }: Viewer,
  now: Date,
): Promise<void> {
  const due = addSeconds(now, -TOUCH_SECONDS);
  if ((touchedAt.get(sessionId) ?? 0) > due.getTime()) return;
  touchedAt.set(sessionId, now.getTime());
  const expiresAt = addSeconds(now, config.sessions.idleDays * DAY_SECONDS);
  await database.rows(TOUCH, [sessionId, now, expiresAt, due]);
}
