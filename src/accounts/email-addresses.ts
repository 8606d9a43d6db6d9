/** E-mail addresses: which ones are taken, and when two of them are one mailbox. */
import { domainToASCII } from 'node:url';
import { Invalid } from '../platform/errors.js';
import { isDisposableDomain } from './internal/disposable-domains.js';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
/** The unquoted local part of RFC 5321, in ASCII: what providers hand out. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** Providers that ignore `+tag`, with those that ignore dots too. */
const TAGGING_DOMAINS: Readonly<Record<string, { name?: string; ignoresDots?: boolean }>> = {
  'gmail.com': { ignoresDots: true },
  'googlemail.com': { name: 'gmail.com', ignoresDots: true },
  'outlook.com': {},
  'hotmail.com': {},
  'live.com': {},
  'icloud.com': {},
  'me.com': { name: 'icloud.com' },
  'mac.com': { name: 'icloud.com' },
  'proton.me': {},
  'protonmail.com': { name: 'proton.me' },
  'pm.me': { name: 'proton.me' },
  'fastmail.com': {},
  'mailbox.org': {},
  'posteo.de': {},
};

/** An address in both forms. */
export interface EmailAddress {
  /** As typed, with the domain in lower-case ASCII: mail goes here. */
  readonly address: string;
  /** Equal for two addresses that reach the same mailbox, as far as is known. */
  readonly canonical: string;
}

/** Reads an address; null when it is not one. */
export function parseEmail(text: string): EmailAddress | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || trimmed.length > MAX_LENGTH) return null;
  const local = trimmed.slice(0, at);
  const domain = domainToASCII(trimmed.slice(at + 1)).toLowerCase();
  if (local.length > MAX_LOCAL_LENGTH || !LOCAL_PART.test(local) || !DOMAIN.test(domain))
    return null;
  return { address: `${local}@${domain}`, canonical: canonicalForm(local.toLowerCase(), domain) };
}

/**
 * Reads an address that somebody wants to use here.
 *
 * @param blockedDomains domains that the staff refuses, in lower-case ASCII; subdomains are refused with them
 * @throws {Invalid} INVALID_INPUT when it is no address, or of a provider of throw-away mailboxes
 */
export function readEmail(
  text: string,
  blockedDomains: readonly string[] = [],
  path: readonly string[] = ['email'],
): EmailAddress {
  const email = parseEmail(text);
  if (!email) throw new Invalid('This is not an e-mail address.', path, 'FORMAT');
  const domain = email.address.slice(email.address.lastIndexOf('@') + 1);
  const isBlocked = blockedDomains.some(
    (blocked) => domain === blocked || domain.endsWith(`.${blocked}`),
  );
  if (isBlocked || isDisposableDomain(domain)) {
    throw new Invalid('Addresses of this provider are not accepted here.', path, 'PROVIDER');
  }
  return email;
}

function canonicalForm(local: string, domain: string): string {
  const rule = TAGGING_DOMAINS[domain];
  if (!rule) return `${local}@${domain}`;
  const untagged = local.split('+')[0] || local;
  return `${rule.ignoresDots ? untagged.replaceAll('.', '') : untagged}@${rule.name ?? domain}`;
}
