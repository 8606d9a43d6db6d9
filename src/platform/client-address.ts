/** Which counter a client's address falls into. One IPv6 customer owns a whole /64, so that counts as one. */
import { isIPv6 } from 'node:net';

/** Text that identifies the client for limits: the IPv4 address, or the first 64 bits of an IPv6 one. */
export function addressKey(address: string | null): string {
  if (address === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  return isIPv6(address) ? `${expand(address).slice(0, 4).join(':')}::/64` : address;
}

/** Whether the client is on this machine, without a proxy in between that said otherwise. */
export function isLoopback(address: string | null): boolean {
  return address !== null && /^(?:(?:::ffff:)?127(?:\.\d+){3}|::1)$/i.test(address);
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expand(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, gap)).fill('0'), ...right];
  return groups.map((group) => group.replace(/^0+(?=.)/, ''));
}
