/** A person chooses what to be told, and by whom. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { NotificationKind } from './notification-kinds.js';
import type { DigestFrequency, NotificationPolicy } from './notification-preferences.js';

/** Changes; absent = unchanged. */
export interface NotificationSettingsChange {
  /** Kinds that are not to be told of; the whole new list. */
  readonly silentKinds?: readonly NotificationKind[];
  readonly policy?: Partial<NotificationPolicy>;
  readonly digest?: DigestFrequency;
}

const UPDATE = statement(
  'notification_preferences.update',
  `insert into notification_preferences as p (actor_id, silent_kinds, from_not_followed, from_strangers, from_new_accounts, digest)
   values ($1, coalesce($2::text[], '{}'), coalesce($3, 'ACCEPT'), coalesce($4, 'ACCEPT'), coalesce($5, 'ACCEPT'), coalesce($6, 'OFF'))
   on conflict (actor_id) do update set silent_kinds = coalesce($2::text[], p.silent_kinds),
     from_not_followed = coalesce($3, p.from_not_followed), from_strangers = coalesce($4, p.from_strangers),
     from_new_accounts = coalesce($5, p.from_new_accounts), digest = coalesce($6, p.digest)`,
);

/**
 * Changes what the viewer is told from now on; what is there already stays. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 */
export async function updateNotificationSettings(
  context: CommandContext,
  { silentKinds, policy = {}, digest }: NotificationSettingsChange,
): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction((tx) =>
    tx.rows(UPDATE, [
      actorId,
      silentKinds ? [...new Set(silentKinds)] : null,
      policy.fromNotFollowed ?? null,
      policy.fromStrangers ?? null,
      policy.fromNewAccounts ?? null,
      digest ?? null,
    ]),
  );
}
