/** Opens a session for a person who has just proven the password. */
import type { CommandContext, Role } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { includesRole } from '../platform/require-viewer.js';
import type { Scope } from '../platform/scopes.js';
import type { AccountId } from './account.entity.js';
import { sessionsRevoked } from './accounts.events.js';
import { Session, type SessionId } from './session.entity.js';
import { mintSessionToken } from './tokens.js';

/** Sessions that one account may have at a time; one more ends the one that was used least recently. */
export const MAX_SESSIONS = 100;

const PERSON_SCOPES: readonly Scope[] = [
  'read',
  'write',
  'chat',
  'push',
  'account:security',
  'account:portability',
];
const STAFF_SCOPES: readonly Scope[] = ['admin:read', 'admin:write'];
const DAY_SECONDS = 86_400;

/** A session that was just opened. The token is shown this once. */
export interface StartedSession {
  readonly sessionId: SessionId;
  readonly token: string;
  readonly expiresAt: Date;
}

const END_SURPLUS = statement(
  'sessions.end_surplus',
  `update sessions set revoked_at = $2 where id in (
     select id from sessions where account_id = $1 and kind = 'SESSION' and revoked_at is null and expires_at > $2
     order by coalesce(last_used_at, created_at) desc, id desc offset $3)
   returning id`,
);

/** Every scope that the role may use. */
export function scopesOfRole(role: Role): Scope[] {
  return includesRole(role, 'CURATOR') ? [...PERSON_SCOPES, ...STAFF_SCOPES] : [...PERSON_SCOPES];
}

/** Opens a session inside the caller's transaction, with every scope that the role may use. */
export async function startSession(
  context: CommandContext,
  tx: Transaction,
  account: { id: AccountId; role: Role },
  deviceName: string | null,
): Promise<StartedSession> {
  const now = context.clock.now();
  const { token, digest } = mintSessionToken();
  const expiresAt = addSeconds(now, context.config.sessions.idleDays * DAY_SECONDS);
  const sessionId = newId<'session'>(now);
  tx.em.create(Session, {
    id: sessionId,
    accountId: account.id,
    kind: 'SESSION',
    tokenDigest: digest,
    name: deviceName,
    scopes: scopesOfRole(account.role),
    clientName: context.clientName,
    clientAddress: context.clientAddress,
    createdAt: now,
    authenticatedAt: now,
    lastUsedAt: now,
    expiresAt,
  });
  const ended = await tx.rows<{ id: SessionId }>(END_SURPLUS, [account.id, now, MAX_SESSIONS]);
  if (ended.length > 0) {
    await tx.append(sessionsRevoked, {
      accountId: account.id,
      sessionIds: ended.map(({ id }) => id),
    });
  }
  return { sessionId, token, expiresAt };
}
