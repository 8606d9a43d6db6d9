/**
 * The addresses of a name, without a thread for each question. The system's own way (`dns.lookup`) keeps one of two threads
 * for as long as the name server does not answer, and whoever owns a name can make that long: all others would wait.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { hasCode } from '../system-error.js';
import { Slots } from '../slots.js';
import { HostsFile } from './hosts-file.js';

/** Asks for the addresses of a name, as `dns.lookup` does with `all`. */
export type ResolveName = (
  name: string,
  options: LookupAllOptions,
  answer: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

const TIMEOUT_MS = 2_500;
const TRIES = 2;
const MOMENT_MS = 200;
/** No name server knows the name, or there is none: this machine may have a way of its own. */
const UNKNOWN = ['ENOTFOUND', 'ENODATA', 'ECONNREFUSED'];

/** Names that no public name server has (RFC 2606, 6761, 6762, 8375), and those of one part: asking would only take time. */
const ONLY_HERE = /^[^.]+$|\.(?:test|example|invalid|localhost|local|internal|home\.arpa)$/i;

/** What stands in the file of names counts before all; then name servers; the system only for what they do not know, one name at a time. */
export function nameResolver(
  servers: Pick<Resolver, 'resolve4' | 'resolve6'> = new Resolver({
    timeout: TIMEOUT_MS,
    tries: TRIES,
  }),
  hosts = new HostsFile(),
): ResolveName {
  const system = new Slots(1, 2 ** 30);
  const ask = (name: string, options: LookupAllOptions): Promise<LookupAddress[]> =>
    system.take(() => askSystem(name, options));
  const askOthers = (name: string, options: LookupAllOptions): Promise<LookupAddress[]> =>
    ONLY_HERE.test(name)
      ? ask(name, options)
      : addressesOf(servers, name).catch((error: NodeJS.ErrnoException) => {
          if (!UNKNOWN.some((code) => hasCode(error, code))) throw error;
          return ask(name, options);
        });
  const find = async (name: string, options: LookupAllOptions): Promise<LookupAddress[]> => {
    const here = hosts.find(name, options.family);
    return here.length > 0 ? [...here] : askOthers(name, options);
  };
  return (name, options, answer) => {
    find(name, options).then(
      (addresses) => answer(null, addresses),
      (error: NodeJS.ErrnoException) => answer(error, []),
    );
  };
}

/** Some name servers never answer for addresses of version 6: those of version 4 wait for them for a moment only. */
async function addressesOf(
  servers: Pick<Resolver, 'resolve4' | 'resolve6'>,
  name: string,
): Promise<LookupAddress[]> {
  const six = servers.resolve6(name).catch(() => []);
  const [four] = await Promise.allSettled([servers.resolve4(name)]);
  if (four.status === 'fulfilled')
    return [...of(4, four.value), ...of(6, await Promise.race([six, delay(MOMENT_MS, [])]))];
  const only = await six;
  if (only.length === 0) throw four.reason;
  return of(6, only);
}

function of(family: 4 | 6, addresses: readonly string[]): LookupAddress[] {
  return addresses.map((address) => ({ address, family }));
}

function askSystem(name: string, options: LookupAllOptions): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(name, options, (error, found) => (error ? reject(error) : resolve(found)));
  });
}
