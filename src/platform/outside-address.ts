/**
 * Which addresses this server connects to for others: public ones only. Every address that a name resolves to is
 * checked, and the connection goes to what was checked, so that an answer which changes in between changes nothing.
 */
import { BlockList, isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { nameResolver, type ResolveName } from './internal/resolve-name.js';

/** The address is not one that this server connects to for a client. */
export class ForbiddenAddress extends Error {}

// What the registries of IANA reserve and the library takes for ordinary addresses.
const RESERVED = new BlockList();
for (const [network, prefix] of [
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
] as const)
  RESERVED.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  RESERVED.addSubnet(network, prefix, 'ipv6');

// All public addresses of version 6 that were ever given out.
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

/** True for addresses of the public internet: not loopback, private, link-local, shared, mapped or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const text = parsed.toString();
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4'
    ? !RESERVED.check(text, 'ipv4')
    : GLOBAL_UNICAST.check(text, 'ipv6') && !RESERVED.check(text, 'ipv6');
}

/**
 * Refuses a literal address that is not public. A name says nothing yet: `checkedLookup` looks at its addresses.
 *
 * @throws {ForbiddenAddress}
 */
export function requirePublicHost(url: URL, isAllowed: (address: string) => boolean): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host))
    throw new ForbiddenAddress(`${host} is no public address.`);
}

const askNameServers = nameResolver();

/** A look-up for `connect` that answers with addresses only when all of a name's addresses are allowed. */
export function checkedLookup(
  isAllowed: (address: string) => boolean,
  resolve: ResolveName = askNameServers,
): LookupFunction {
  return (name, options, answer) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, [], 0);
      const refused = found.find(({ address }) => !isAllowed(address));
      if (refused || !found[0])
        return answer(new ForbiddenAddress(`${name} is at no public address.`), [], 0);
      if (options.all) answer(null, found);
      else answer(null, found[0].address, found[0].family);
    });
  };
}
