/**
 * Deliveries are shared out by host: each slice of the hosts is delivered to by one process at a time. Hosts of one registered
 * domain are in the same slice, so that what is counted for them is counted in one place.
 */
import { siteOf } from '../platform/site-of.js';

/** All slices: as many processes share the work at most. */
export const SLICES: readonly number[] = [0, 1, 2, 3];

/** The slice of a host, with or without its port. It is stored, and stays what it is. */
export function sliceOf(host: string): number {
  let sum = 0;
  for (const letter of siteOf(host)) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return sum % SLICES.length;
}

/** The slices of several hosts, each once. */
export function slicesOf(hosts: readonly string[]): number[] {
  return [...new Set(hosts.map(sliceOf))];
}
