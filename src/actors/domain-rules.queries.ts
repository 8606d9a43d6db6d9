/** Reads of the rules about whole servers. Which of them holds for a host is decided in SQL, by `domain_policy`. */
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import { statement, type Database, type Reader } from '../platform/db/database.js';
import { gatheredFor } from '../platform/gathered.js';
import type { PageRequest } from '../platform/db/page.js';
import type { DomainRuleId, DomainRuleRow, DomainSeverity } from './domain-rule.js';

const COLUMNS = `r.id, r.domain, r.severity, r.rejects_media as "rejectsMedia", r.rejects_reports as "rejectsReports",
  r.public_comment as "publicComment", r.private_comment as "privateComment", r.is_obfuscated as "isObfuscated",
  r.created_at as "createdAt"`;
/** What everybody may read: rules that change what people see. */
const IS_PUBLIC = `(r.severity <> 'NONE' or r.rejects_media)`;

const BY_IDS = statement(
  'domain_rules.by_ids',
  `select ${COLUMNS} from domain_rules r where r.id = any($1::uuid[]) and ($2::boolean or ${IS_PUBLIC})`,
);
const BY_DOMAINS = statement(
  'domain_rules.by_domains',
  `select ${COLUMNS} from domain_rules r where r.domain = any($1::text[])`,
);
const ALL = statement(
  'domain_rules.all',
  `select ${COLUMNS} from domain_rules r order by r.domain`,
);
const OF_HOSTS = statement(
  'domain_rules.of_hosts',
  `select host, r.id from unnest($1::text[]) as host cross join lateral (select id from domain_rules
     where domain = any(domain_with_parents(host)) order by length(domain) desc limit 1) r`,
);
const POLICY = statement(
  'domain_rules.policy',
  `select severity, rejects_media as "rejectsMedia", rejects_reports as "rejectsReports" from domain_policy($1::text[])`,
);
const REFUSED = statement(
  'domain_rules.refused',
  `select host from unnest($1::text[]) as host cross join lateral domain_policy(array[host]) policy
   where policy.severity = 'SUSPEND'`,
);
const RULE_OF_HOST = statement(
  'domain_rules.of_host',
  `select severity from domain_rules where domain = any(domain_with_parents($1)) order by length(domain) desc limit 1`,
);
// By id, so that cursors do not tell names that are only shown in part.
const PAGE = bothWays({
  name: 'domain_rules.page',
  order: 'desc',
  lowest: [LOWEST_ID],
  highest: [HIGHEST_ID],
  text: ({ beyond, order }) =>
    `select ${COLUMNS} from domain_rules r where r.id ${beyond} $2::uuid and ($1::boolean or ${IS_PUBLIC})
     order by r.id ${order} limit $3`,
});

/** What holds for a host. */
export interface DomainPolicy {
  readonly severity: DomainSeverity;
  readonly rejectsMedia: boolean;
  readonly rejectsReports: boolean;
}

/** What holds for somebody or something that is known under these hosts: the strictest of all. */
export async function findDomainPolicy(
  reader: Reader,
  hosts: readonly string[],
): Promise<DomainPolicy> {
  return (await reader.row<DomainPolicy>(POLICY, [hosts]))!;
}

/**
 * Whether nothing is asked of a host. Pages that people link to are no part of the federation: `isOpenWeb` leaves out
 * that in allow-list mode only listed servers are let in.
 */
export async function isHostRefused(
  reader: Reader,
  host: string,
  isOpenWeb: boolean,
): Promise<boolean> {
  const row = isOpenWeb
    ? await reader.row<{ severity: DomainSeverity }>(RULE_OF_HOST, [host])
    : await findDomainPolicy(reader, [host]);
  return row?.severity === 'SUSPEND';
}

/**
 * Whether nothing is taken of a host, as `isHostRefused` says of the federation. Those who ask at the same time ask together,
 * outside of any transaction.
 */
export const isSenderRefused = gatheredFor(
  async (database: Database, hosts: readonly string[]): Promise<boolean[]> => {
    const rows = await database.rows<{ host: string }>(REFUSED, [[...new Set(hosts)]]);
    const refused = new Set(rows.map(({ host }) => host));
    return hosts.map((host) => refused.has(host));
  },
);

/** Rules by id, in no particular order; those that only the staff may know where `isStaff`. */
export function findDomainRules(
  reader: Reader,
  ids: readonly DomainRuleId[],
  isStaff: boolean,
): Promise<DomainRuleRow[]> {
  return reader.rows<DomainRuleRow>(BY_IDS, [ids, isStaff]);
}

/** Rules for exactly these domains. */
export function findRulesOfDomains(
  reader: Reader,
  domains: readonly string[],
): Promise<DomainRuleRow[]> {
  return reader.rows<DomainRuleRow>(BY_DOMAINS, [domains]);
}

/** Every rule, by name. */
export function listAllDomainRules(reader: Reader): Promise<DomainRuleRow[]> {
  return reader.rows<DomainRuleRow>(ALL);
}

/** For each host that one covers, the rule that holds for it. */
export function findRulesOfHosts(
  reader: Reader,
  hosts: readonly string[],
): Promise<{ host: string; id: DomainRuleId }[]> {
  return reader.rows(OF_HOSTS, [hosts]);
}

/** A page of rules, the newest first; one more than the page shows. */
export function listDomainRules(
  reader: Reader,
  isStaff: boolean,
  request: PageRequest,
): Promise<DomainRuleRow[]> {
  const { query, from } = PAGE(request);
  return reader.rows<DomainRuleRow>(query, [isStaff, ...from, request.size + 1]);
}
