/** What the staff decides about whole servers. The rule holds with the commit; a job follows it through what is stored. */
import { recordAct } from '../accounts/audit.js';
import { domainRulesChanged } from '../actors/actors.events.js';
import type { DomainRuleDraft, DomainRuleId } from '../actors/domain-rule.js';
import { lockDomainRules } from '../actors/lock-domain-rules.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { isUnderDomain, readDomain } from '../platform/domain-name.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { requireLength } from '../posts/text-limits.js';

const COMMENT_LENGTH = 2000;

const SAVE = statement(
  'domain_rules.save',
  `insert into domain_rules as r (id, domain, severity, rejects_media, rejects_reports, public_comment, private_comment,
     is_obfuscated, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
   on conflict (domain) do update set severity = excluded.severity, rejects_media = excluded.rejects_media,
     rejects_reports = excluded.rejects_reports, public_comment = excluded.public_comment,
     private_comment = excluded.private_comment, is_obfuscated = excluded.is_obfuscated, updated_at = excluded.updated_at
   returning id`,
);
const REMOVE = statement(
  'domain_rules.remove',
  'delete from domain_rules where id = $1 returning domain, severity',
);
// Actors who are about to be barred, and those who are while their follows still end.
const SEVERED = statement(
  'domain_rules.severed',
  `with barred as materialized (select a.id from actors a left join remote_actors r on r.actor_id = a.id
     where a.domain is not null and (strpos(a.domain, $1) > 0 and $1 = any(domain_with_parents(a.domain))
         or strpos(r.host, $1) > 0 and $1 = any(domain_with_parents(r.host)))
       and (select severity from domain_policy(array[a.domain, r.host])) = 'SUSPEND')
   select (select count(*) from follows where follower_id in (select id from barred) and state = 'ACCEPTED')
     + (select count(*) from follows where followee_id in (select id from barred) and state = 'ACCEPTED') as count`,
);

/** What a rule has done. */
export interface SavedRule {
  readonly id: DomainRuleId;
  /** Follows in both directions that end with it. */
  readonly severed: number;
}

/**
 * Makes a rule for a domain and everything under it, or puts it in the place of the one that there is. Opens its own
 * transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {Invalid} INVALID_INPUT for what is no domain, a whole top-level domain, and the own domain or one above it
 */
export async function saveDomainRule(
  context: CommandContext,
  draft: DomainRuleDraft,
): Promise<SavedRule> {
  requireRole(context, 'MODERATOR');
  const domain = requireDomain(context, draft.domain);
  requireLength(draft.publicComment ?? '', COMMENT_LENGTH, ['publicComment']);
  requireLength(draft.privateComment ?? '', COMMENT_LENGTH, ['privateComment']);
  return context.database.transaction(async (tx) => {
    await lockDomainRules(tx, 'ALONE');
    const id = await storeRule(context, tx, { ...draft, domain });
    const severed = draft.severity === 'SUSPEND' ? await countSevered(tx, domain) : 0;
    await recordAct(context, tx, {
      action: 'saveDomainRule',
      subjectId: toGlobalId('domainrule', id),
      details: { ...draft, domain, severed },
    });
    await tx.append(domainRulesChanged, { domain });
    return { id, severed };
  });
}

/**
 * Ends a rule: what a wider one or the mode of the server says holds again. Follows that it ended stay so. Opens its own
 * transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {NotFound} NOT_FOUND
 */
export async function deleteDomainRule(context: CommandContext, id: DomainRuleId): Promise<void> {
  requireRole(context, 'MODERATOR');
  await context.database.transaction(async (tx) => {
    await lockDomainRules(tx, 'ALONE');
    const removed = await tx.row<{ domain: string; severity: string }>(REMOVE, [id]);
    if (!removed) throw new NotFound(['ruleId']);
    await recordAct(context, tx, {
      action: 'deleteDomainRule',
      subjectId: toGlobalId('domainrule', id),
      details: removed,
    });
    await tx.append(domainRulesChanged, { domain: removed.domain });
  });
}

/** Writes a rule of which the domain is in its kept form. Needs the lock of all rules. */
export async function storeRule(
  { clock }: Pick<CommandContext, 'clock'>,
  tx: Transaction,
  rule: DomainRuleDraft,
): Promise<DomainRuleId> {
  const now = clock.now();
  const { domain, severity, rejectsMedia, rejectsReports, isObfuscated } = rule;
  const comments = [rule.publicComment, rule.privateComment].map((text) => text?.trim() || null);
  const values = [domain, severity, rejectsMedia, rejectsReports, ...comments, isObfuscated, now];
  return (await tx.row<{ id: DomainRuleId }>(SAVE, [newId(now), ...values]))!.id;
}

/** Follows that end, or are about to, because of what holds for a domain now. */
export async function countSevered(tx: Transaction, domain: string): Promise<number> {
  return Number((await tx.row<{ count: string }>(SEVERED, [domain]))!.count);
}

/** A domain in its kept form; null for one that no rule may be about. */
export function readRuleDomain(
  { config }: Pick<CommandContext, 'config'>,
  written: string,
): string | null {
  const domain = readDomain(written);
  return domain === null || isUnderDomain(config.publicUrl.hostname, domain) ? null : domain;
}

function requireDomain(context: CommandContext, written: string): string {
  const domain = readRuleDomain(context, written);
  if (domain !== null) return domain;
  const message = 'Name the domain of another server, such as b.example.';
  throw new Invalid(message, ['domain'], 'DOMAIN');
}
