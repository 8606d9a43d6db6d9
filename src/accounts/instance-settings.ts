/**
 * What the staff says about this server: its name, rules and texts, and who may register. The
 * configuration gives the defaults; what is stored here wins.
 */
import { z } from 'zod';
import type { Config } from '../platform/config.js';
import { statement, type Reader } from '../platform/db/database.js';

/** Who may register. */
export const REGISTRATION_MODES = {
  OPEN: 'Everybody.',
  APPROVAL: 'Whom a moderator approves, or who has an invite of the staff.',
  INVITE: 'Who has an invite.',
  CLOSED: 'Nobody.',
} as const;

/** One of the modes. */
export type RegistrationMode = keyof typeof REGISTRATION_MODES;

/** One rule of the server, in order. */
export interface InstanceRule {
  readonly id: string;
  readonly text: string;
  /** Longer explanation; null when there is none. */
  readonly hint: string | null;
}

const STORED = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  contactEmail: z.string().nullable().optional(),
  registrationMode: z.enum(['OPEN', 'APPROVAL', 'INVITE', 'CLOSED']).optional(),
  registrationMessage: z.string().nullable().optional(),
  rules: z
    .array(z.object({ id: z.string(), text: z.string(), hint: z.string().nullable() }))
    .optional(),
  privacyPolicy: z.string().nullable().optional(),
  termsOfService: z.string().nullable().optional(),
  blockedEmailDomains: z.array(z.string()).optional(),
  autoApproveTrends: z.boolean().optional(),
  membersMayInvite: z.boolean().optional(),
});

/** What was changed from the defaults. */
export type StoredInstance = z.infer<typeof STORED>;

/** What is in effect. */
export interface InstanceSettings {
  readonly name: string;
  /** Plain text. */
  readonly description: string;
  readonly contactEmail: string | null;
  readonly registrationMode: RegistrationMode;
  /** Plain text for people who come to register; null when there is none. */
  readonly registrationMessage: string | null;
  readonly rules: readonly InstanceRule[];
  /** Markdown; null until the staff has written one. */
  readonly privacyPolicy: string | null;
  /** Markdown; null until the staff has written one. */
  readonly termsOfService: string | null;
  /** Lower-case ASCII domains of e-mail addresses that are refused. */
  readonly blockedEmailDomains: readonly string[];
  /** What trends is shown before the staff has looked at it. */
  readonly autoApproveTrends: boolean;
  /** Everybody makes invites, not only the staff. */
  readonly membersMayInvite: boolean;
}

const READ = statement(
  'server_settings.instance',
  `select value from server_settings where key = 'instance'`,
);
const MODES: Readonly<Record<Config['registration']['mode'], RegistrationMode>> = {
  open: 'OPEN',
  approval: 'APPROVAL',
  invite: 'INVITE',
  closed: 'CLOSED',
};

/** What was changed from the defaults, as stored. */
export async function readStoredInstance(reader: Reader): Promise<StoredInstance> {
  const row = await reader.row<{ value: unknown }>(READ);
  return row ? STORED.parse(row.value) : {};
}

/** What is in effect now. */
export async function instanceSettings(reader: Reader, config: Config): Promise<InstanceSettings> {
  const stored = await readStoredInstance(reader);
  return {
    name: stored.name ?? config.instance.name,
    description: stored.description ?? config.instance.description,
    contactEmail:
      stored.contactEmail === undefined ? config.instance.contactEmail : stored.contactEmail,
    registrationMode: stored.registrationMode ?? MODES[config.registration.mode],
    registrationMessage: stored.registrationMessage ?? null,
    rules: stored.rules ?? [],
    privacyPolicy: stored.privacyPolicy ?? null,
    termsOfService: stored.termsOfService ?? null,
    blockedEmailDomains: stored.blockedEmailDomains ?? [],
    autoApproveTrends: stored.autoApproveTrends ?? false,
    membersMayInvite: stored.membersMayInvite ?? true,
  };
}
