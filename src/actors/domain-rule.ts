/** Words of rules about whole servers. */
import type { Id } from '../platform/ids.js';

/** Identity of a domain rule. */
export type DomainRuleId = Id<'domainrule'>;

/** How far a server is let in. */
export const DOMAIN_SEVERITIES = {
  NONE: 'As every other server; in allow-list mode: let in.',
  LIMIT: 'Its people are shown to those who follow or look for them only.',
  SUSPEND: 'Nothing comes in and nothing goes out; its people are not there for anybody.',
} as const;

/** One of the severities. */
export type DomainSeverity = keyof typeof DOMAIN_SEVERITIES;

/** What is decided about a domain and everything under it. */
export interface DomainRuleDraft {
  /** As people write it. */
  readonly domain: string;
  readonly severity: DomainSeverity;
  /** No picture of it is fetched, and those that are stored go. */
  readonly rejectsMedia: boolean;
  /** Its reports are not looked at. */
  readonly rejectsReports: boolean;
  /** Plain text for everybody; null = none. */
  readonly publicComment: string | null;
  /** Plain text for the staff; null = none. */
  readonly privateComment: string | null;
  /** The public list shows only a part of the name. */
  readonly isObfuscated: boolean;
}

/** A rule that stands. */
export interface DomainRuleRow extends DomainRuleDraft {
  readonly id: DomainRuleId;
  /** ASCII, lower case. */
  readonly domain: string;
  readonly createdAt: Date;
}

/** A name of which the first and last quarter are left; dots stay. */
export function obfuscateDomain(domain: string): string {
  const shown = Math.ceil(domain.length / 4);
  return [...domain]
    .map((symbol, index) =>
      symbol === '.' || index < shown || index >= domain.length - shown ? symbol : '*',
    )
    .join('');
}
