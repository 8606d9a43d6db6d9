/** A client asks to be woken by its push service. The target lives as long as the session that registered it. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireSubscription, type WebPushSubscription } from '../platform/push/web-push.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { NotificationKind } from './notification-kinds.js';
import { findPushTargets, MAX_PUSH_TARGETS, type PushTargetId } from './push-targets.queries.js';

/** What a browser's PushSubscription says, and what to push. */
export interface PushTargetDraft extends WebPushSubscription {
  /** Null = all. */
  readonly kinds: readonly NotificationKind[] | null;
}

const REGISTER = statement(
  'push_targets.register',
  `insert into push_targets as t (id, account_id, session_id, endpoint, p256dh, auth, kinds, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict (account_id, endpoint) do update set session_id = excluded.session_id, p256dh = excluded.p256dh,
     auth = excluded.auth, kinds = excluded.kinds
   returning id`,
);
const LOCK = statement('push_targets.lock', 'select from accounts where id = $1 for update');

/**
 * Registers a target of the viewer; the same endpoint again replaces its keys and kinds. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {Invalid} INVALID_INPUT for keys that are none, and for an endpoint that is not on the public internet
 * @throws {TooMany} LIMIT_EXCEEDED
 */
export async function registerPushTarget(
  context: CommandContext,
  draft: PushTargetDraft,
): Promise<PushTargetId> {
  const { accountId, sessionId } = requireViewer(context);
  requireSubscription(draft, ['target', 'webPush']);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    await tx.rows(LOCK, [accountId]);
    const targets = await findPushTargets(tx, accountId, now);
    const isKnown = targets.some(({ endpoint }) => endpoint === draft.endpoint);
    if (!isKnown && targets.length >= MAX_PUSH_TARGETS) {
      throw new TooMany(`At most ${MAX_PUSH_TARGETS} push targets.`, MAX_PUSH_TARGETS, ['target']);
    }
    const { endpoint, p256dh, auth, kinds } = draft;
    const values = [newId(now), accountId, sessionId, endpoint, p256dh, auth, kinds, now];
    const row = await tx.row<{ id: PushTargetId }>(REGISTER, values);
    if (!row) throw new Error('A push target was neither added nor replaced');
    return row.id;
  });
}
