/** What a person wants to be told, and by whom. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { NotificationKind } from './notification-kinds.js';

/** What becomes of notifications from somebody whom the viewer does not follow. */
export const POLICY_CHOICES = {
  ACCEPT: 'They arrive.',
  REQUEST: 'They wait behind a request until the viewer lets the sender in.',
  DROP: 'They are not kept.',
} as const;

/** How often to send a letter with what is unread. */
export const DIGEST_FREQUENCIES = {
  OFF: 'Never.',
  DAILY: 'Once a day, when there is something unread.',
  WEEKLY: 'Once a week, when there is something unread.',
} as const;

/** One of the frequencies. */
export type DigestFrequency = keyof typeof DIGEST_FREQUENCIES;

/** One of the choices. */
export type PolicyChoice = keyof typeof POLICY_CHOICES;

/** Rules by sender; of those that apply, the strictest holds. Whom the person follows or has let in is never affected. */
export interface NotificationPolicy {
  readonly fromNotFollowed: PolicyChoice;
  readonly fromStrangers: PolicyChoice;
  readonly fromNewAccounts: PolicyChoice;
}

/** All choices of a person. */
export interface NotificationPreferences {
  readonly silentKinds: readonly NotificationKind[];
  readonly policy: NotificationPolicy;
  readonly digest: DigestFrequency;
}

const READ = statement(
  'notification_preferences.read',
  `select silent_kinds as "silentKinds", from_not_followed as "fromNotFollowed", from_strangers as "fromStrangers",
     from_new_accounts as "fromNewAccounts", digest from notification_preferences where actor_id = $1`,
);

type Row = NotificationPolicy & Omit<NotificationPreferences, 'policy'>;

const DEFAULTS: Row = {
  silentKinds: [],
  fromNotFollowed: 'ACCEPT',
  fromStrangers: 'ACCEPT',
  fromNewAccounts: 'ACCEPT',
  digest: 'OFF',
};

/** The choices of a person, complete. */
export async function findPreferences(
  reader: Reader,
  actorId: ActorId,
): Promise<NotificationPreferences> {
  const { silentKinds, digest, ...policy } = (await reader.row<Row>(READ, [actorId])) ?? DEFAULTS;
  return { silentKinds, policy, digest };
}
