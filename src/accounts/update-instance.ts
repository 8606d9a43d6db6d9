/** Lets administrators say what their server is and who may join. */
import { domainToASCII } from 'node:url';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { recordAct } from './audit.js';
import { parseEmail } from './email-addresses.js';
import {
  readStoredInstance,
  type InstanceRule,
  type RegistrationMode,
  type StoredInstance,
} from './instance-settings.js';

/** Changes; what is absent stays, null takes the default back. */
export interface UpdateInstanceInput {
  readonly name?: string | null;
  readonly description?: string | null;
  readonly contactEmail?: string | null;
  readonly registrationMode?: RegistrationMode | null;
  readonly registrationMessage?: string | null;
  /** All rules in their order; one that is there already keeps its identity by its id. */
  readonly rules?: readonly { id?: string | null; text: string; hint?: string | null }[] | null;
  readonly privacyPolicy?: string | null;
  readonly termsOfService?: string | null;
  readonly blockedEmailDomains?: readonly string[] | null;
  readonly autoApproveTrends?: boolean | null;
  readonly membersMayInvite?: boolean | null;
}

const MAX_LENGTHS = {
  name: 80,
  description: 2_000,
  registrationMessage: 2_000,
  privacyPolicy: 100_000,
  termsOfService: 100_000,
} as const;
const MAX_RULES = 50;
const MAX_RULE_LENGTH = 500;
const MAX_BLOCKED_DOMAINS = 10_000;

// One statement of this transaction after the other: two changes at once both take effect.
const LOCK = statement(
  'server_settings.lock_instance',
  `select pg_advisory_xact_lock(hashtextextended('instance', 0))`,
);
const STORE = statement(
  'server_settings.store_instance',
  `insert into server_settings (key, value) values ('instance', $1::jsonb)
   on conflict (key) do update set value = excluded.value, updated_at = now()`,
);

/**
 * Changes what is stored about this server. Setting the same again changes nothing.
 *
 * @throws {Forbidden} FORBIDDEN below the role ADMIN
 * @throws {Invalid} INVALID_INPUT
 * @throws {NotFound} NOT_FOUND for the id of a rule that is not there, or not any more
 */
export async function updateInstance(
  context: CommandContext,
  input: UpdateInstanceInput,
): Promise<void> {
  requireRole(context, 'ADMIN');
  checkLengths(input);
  const changes = readChanges(context, input);
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK);
    const stored = await readStoredInstance(tx);
    requireKnownRules(input.rules ?? [], stored.rules ?? []);
    await tx.rows(STORE, [JSON.stringify({ ...stored, ...changes })]);
    await recordAct(context, tx, {
      action: 'updateInstance',
      subjectId: null,
      details: { changed: Object.keys(changes).toSorted() },
    });
  });
}

function checkLengths(input: UpdateInstanceInput): void {
  for (const [name, maximum] of Object.entries(MAX_LENGTHS)) {
    const text = input[name as keyof typeof MAX_LENGTHS];
    if (text != null && text.length > maximum) {
      throw new Invalid(`At most ${maximum} characters.`, [name], 'MAX_LENGTH', String(maximum));
    }
  }
}

function readChanges(context: CommandContext, input: UpdateInstanceInput): StoredInstance {
  const changes: StoredInstance = {};
  if (input.name !== undefined) changes.name = input.name?.trim() || undefined;
  if (input.description !== undefined) changes.description = input.description ?? undefined;
  if (input.contactEmail !== undefined) changes.contactEmail = readContact(input.contactEmail);
  if (input.registrationMode !== undefined)
    changes.registrationMode = input.registrationMode ?? undefined;
  if (input.registrationMessage !== undefined)
    changes.registrationMessage = input.registrationMessage;
  if (input.rules !== undefined) changes.rules = readRules(context, input.rules ?? []);
  if (input.privacyPolicy !== undefined) changes.privacyPolicy = input.privacyPolicy;
  if (input.termsOfService !== undefined) changes.termsOfService = input.termsOfService;
  if (input.blockedEmailDomains !== undefined)
    changes.blockedEmailDomains = readDomains(input.blockedEmailDomains ?? []);
  if (input.autoApproveTrends !== undefined)
    changes.autoApproveTrends = input.autoApproveTrends ?? undefined;
  if (input.membersMayInvite !== undefined)
    changes.membersMayInvite = input.membersMayInvite ?? undefined;
  return changes;
}

function readContact(text: string | null): string | null {
  if (text === null) return null;
  const email = parseEmail(text);
  if (!email) throw new Invalid('This is not an e-mail address.', ['contactEmail'], 'FORMAT');
  return email.address;
}

function readRules(
  context: CommandContext,
  rules: NonNullable<UpdateInstanceInput['rules']>,
): InstanceRule[] {
  if (rules.length > MAX_RULES)
    throw new Invalid(`At most ${MAX_RULES} rules.`, ['rules'], 'MAX_ITEMS', String(MAX_RULES));
  return rules.map(({ id, text, hint }, index) => {
    const length = Math.max(text.length, hint?.length ?? 0);
    if (text.trim() === '' || length > MAX_RULE_LENGTH) {
      const path = ['rules', String(index)];
      throw new Invalid(
        `A rule has 1–${MAX_RULE_LENGTH} characters.`,
        path,
        'LENGTH',
        `1..${MAX_RULE_LENGTH}`,
      );
    }
    return {
      id: id ?? newId<'rule'>(context.clock.now()),
      text: text.trim(),
      hint: hint?.trim() || null,
    };
  });
}

function requireKnownRules(
  rules: NonNullable<UpdateInstanceInput['rules']>,
  stored: readonly InstanceRule[],
): void {
  const known = new Set(stored.map(({ id }) => id));
  const unknown = rules.findIndex(({ id }) => id != null && !known.has(id));
  if (unknown >= 0) throw new NotFound(['rules', String(unknown), 'id']);
}

function readDomains(domains: readonly string[]): string[] {
  if (domains.length > MAX_BLOCKED_DOMAINS) {
    throw new Invalid(
      'Too many domains.',
      ['blockedEmailDomains'],
      'MAX_ITEMS',
      String(MAX_BLOCKED_DOMAINS),
    );
  }
  return [
    ...new Set(
      domains
        .map((domain) => domainToASCII(domain.trim()).toLowerCase())
        .filter((domain) => domain !== ''),
    ),
  ];
}
