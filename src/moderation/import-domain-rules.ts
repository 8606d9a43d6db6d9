/** Lists of domain rules as Mastodon writes them, in and out. */
import { recordAct } from '../accounts/audit.js';
import { domainRulesChanged } from '../actors/actors.events.js';
import type { DomainRuleDraft } from '../actors/domain-rule.js';
import { findRulesOfDomains, listAllDomainRules } from '../actors/domain-rules.queries.js';
import { lockDomainRules } from '../actors/lock-domain-rules.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { merge } from './internal/merge-domain-rule.js';
import { readRuleList, writeRuleList, type RuleLine } from './internal/rule-list.js';
import { readRuleDomain } from './save-domain-rule.js';

/** What a list does, or would do. */
export interface ImportedRules {
  readonly added: number;
  readonly changed: number;
  /** Lines that say nothing new, or nothing that a rule may say. */
  readonly skipped: number;
  /** Lines that say nothing that a rule may say, by their numbers; at most 100. */
  readonly unreadable: readonly number[];
  /** Follows in both directions that end with it. */
  readonly severed: number;
}

/** Lines that are named. */
const MOST_NAMED = 100;

/** Makes sure that nothing of a trial stays. */
class Trial extends Error {}

const SAVE = statement(
  'domain_rules.save_many',
  `insert into domain_rules as r (id, domain, severity, rejects_media, rejects_reports, public_comment, private_comment,
     is_obfuscated, created_at, updated_at)
   select n.id, n.domain, n.severity, n."rejectsMedia", n."rejectsReports", n."publicComment", n."privateComment",
     n."isObfuscated", $2, $2
   from jsonb_to_recordset($1::jsonb) as n(id uuid, domain text, severity text, "rejectsMedia" boolean,
     "rejectsReports" boolean, "publicComment" text, "privateComment" text, "isObfuscated" boolean)
   on conflict (domain) do update set severity = excluded.severity, rejects_media = excluded.rejects_media,
     rejects_reports = excluded.rejects_reports, public_comment = excluded.public_comment,
     is_obfuscated = excluded.is_obfuscated, updated_at = excluded.updated_at`,
);
const SEVERED = statement(
  'domain_rules.severed_by_many',
  `with named as materialized (select distinct a.id, a.domain, r.host from actors a
       left join remote_actors r on r.actor_id = a.id
       cross join lateral unnest(domain_with_parents(a.domain) || domain_with_parents(coalesce(r.host, ''))) as name
       join unnest($1::text[]) as changed(domain) on changed.domain = name
     where a.domain is not null),
   barred as materialized (select id from named where (select severity from domain_policy(array[domain, host])) = 'SUSPEND')
   select (select count(*) from follows where follower_id in (select id from barred) and state = 'ACCEPTED')
     + (select count(*) from follows where followee_id in (select id from barred) and state = 'ACCEPTED') as count`,
);

/**
 * Takes a list in: new rules are made, and those that are there become stricter where the list is, never milder. A trial
 * changes nothing and tells what would happen. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {Invalid} INVALID_INPUT at `csv` for what is no such list, or too long
 */
export async function importDomainRules(
  context: CommandContext,
  csv: string,
  isTrial: boolean,
): Promise<ImportedRules> {
  requireRole(context, 'MODERATOR');
  return takeInDomainRules(context, csv, isTrial);
}

/** As `importDomainRules`, for a caller who needs no role: the command line. */
export async function takeInDomainRules(
  context: CommandContext,
  csv: string,
  isTrial: boolean,
): Promise<ImportedRules> {
  const list = readRuleList(csv);
  let result: ImportedRules | null = null;
  const work = async (tx: Transaction): Promise<void> => {
    await lockDomainRules(tx, 'ALONE');
    result = await takeIn(context, tx, list);
    if (isTrial) throw new Trial();
  };
  await context.database.transaction(work).catch((error: unknown) => {
    if (!(error instanceof Trial)) throw error;
  });
  return result!;
}

/** Every rule in the same form; notes of the staff for itself stay here. */
export async function exportDomainRules(reader: Reader): Promise<string> {
  return writeRuleList(await listAllDomainRules(reader));
}

async function takeIn(
  context: CommandContext,
  tx: Transaction,
  lines: readonly RuleLine[],
): Promise<ImportedRules> {
  const wanted = new Map<string, DomainRuleDraft>();
  const unreadable: number[] = [];
  for (const { line, draft } of lines) {
    const domain = draft && readRuleDomain(context, draft.domain);
    if (domain) wanted.set(domain, merge(wanted.get(domain), { ...draft, domain }));
    else if (unreadable.length < MOST_NAMED) unreadable.push(line);
  }
  const rows = await findRulesOfDomains(tx, [...wanted.keys()]);
  const known = new Map(rows.map((row) => [row.domain, row]));
  const changes = [...wanted.values()].flatMap((draft) => {
    const before = known.get(draft.domain);
    const after = merge(before, draft);
    return after === before ? [] : [after];
  });
  const changed = changes.filter(({ domain }) => known.has(domain)).length;
  const counts = {
    added: changes.length - changed,
    changed,
    skipped: lines.length - changes.length,
    unreadable,
    severed: await store(context, tx, changes),
  };
  if (changes.length === 0) return counts;
  await recordAct(context, tx, {
    action: 'importDomainRules',
    subjectId: null,
    details: {
      ...counts,
      unreadable: unreadable.length,
      domains: changes.map(({ domain, severity }) => `${domain} ${severity}`),
    },
  });
  await tx.append(domainRulesChanged, { domain: null });
  return counts;
}

/** Tells how many follows end with it. */
async function store(
  { clock }: CommandContext,
  tx: Transaction,
  changes: readonly DomainRuleDraft[],
): Promise<number> {
  const now = clock.now();
  const rows = changes.map((draft) => ({ ...draft, id: newId(now) }));
  await tx.rows(SAVE, [JSON.stringify(rows), now]);
  const suspended = changes.filter(({ severity }) => severity === 'SUSPEND');
  const domains = suspended.map(({ domain }) => domain);
  return Number((await tx.row<{ count: string }>(SEVERED, [domains]))!.count);
}
