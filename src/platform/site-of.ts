/**
 * Whose a host is, as far as its name tells: whoever owns `example.org` makes as many hosts below it as they like, so
 * what strangers may do is counted by what has to be registered, and costs something.
 */
import { getDomain } from 'tldts';

/** Hosts of many servers of strangers to each other, which the public suffix list does not name. */
const SHARED = ['masto.host', 'hostdon.ne.jp'];

/** By the public suffix list, with what is registered privately: names below `github.io` are not one another's. */
const RULE = { allowPrivateDomains: true, extractHostname: false } as const;

/** The registered domain of a host, with or without a port; an address, and what nobody can register, stand for themselves. */
export function siteOf(host: string): string {
  const name = hostnameOf(host);
  const shared = SHARED.find((one) => name.endsWith(`.${one}`));
  if (shared !== undefined)
    return name
      .split('.')
      .slice(-shared.split('.').length - 1)
      .join('.');
  return getDomain(name, RULE) ?? name;
}

function hostnameOf(host: string): string {
  const lower = host.toLowerCase();
  return lower.startsWith('[')
    ? lower.slice(0, lower.indexOf(']') + 1)
    : lower.replace(/:\d*$/, '').replace(/\.$/, '');
}
