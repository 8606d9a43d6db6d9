/** Names of servers as people write them. */
import { domainToASCII } from 'node:url';

const LONGEST = 253;

/**
 * A domain in the form in which it is kept: ASCII, lower case, without port, scheme, path, and the `*.` or `@` that people
 * put before it. Null for what names no domain, and for a whole top-level domain.
 */
export function readDomain(written: string): string | null {
  const name = written
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/[/:?#].*$/s, '')
    .replace(/^(?:\*?\.|@)/, '')
    .replace(/\.$/, '');
  const ascii = domainToASCII(name);
  return ascii.includes('.') && ascii.length <= LONGEST && /^[a-z0-9._-]+$/.test(ascii)
    ? ascii
    : null;
}

/** Whether a host is a domain or lies under it; both in the form of `readDomain`. */
export function isUnderDomain(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
