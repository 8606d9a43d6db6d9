/** Handles by WebFinger, proven both ways: the host of the handle names the actor, and the actor's host agrees. */
import { domainToASCII } from 'node:url';
import { LRUCache } from 'lru-cache';
import type { OutsideLimits } from '../../platform/http-client.js';
import type { FetchServices } from './fetch-document.js';
import { MalformedDocument, readDocument, type JsonObject } from './read-document.js';
import { listOf, objectOf, textOf } from './read-properties.js';

/** What a server says of a handle. */
export interface FoundHandle {
  readonly username: string;
  readonly domain: string;
  readonly actorUri: string;
}

const LIMITS: OutsideLimits = {
  maxBytes: 64 * 1024,
  timeoutMs: 10_000,
  maxRedirects: 3,
  isLasting: true,
  contentTypes: ['application/jrd+json', 'application/json', 'application/activity+json'],
};
const SELF_TYPES = /^application\/(?:activity\+json|ld\+json)/;
const ACCOUNT = /^acct:@?([^@\s/]{1,255})@([^@\s/]{1,255})$/i;

const NOBODYS = 'The handle belongs to nobody.';
/** One server leads us to another one in vain so often in a minute: whoever names others must not make us ask them. */
const MOST_IN_VAIN = 5;
const leadsInVain = new LRUCache<string, number>({ max: 10_000, ttl: 60_000, noUpdateTTL: true });

/**
 * Asks the host of a handle.
 *
 * @throws {OutsideUnavailable} when it does not answer
 * @throws {MalformedDocument} when nobody there has the handle
 * @source RFC 7033
 */
export async function findHandle(
  { http, config }: Pick<FetchServices, 'http' | 'config'>,
  username: string,
  domain: string,
): Promise<FoundHandle> {
  const first = await ask({ http, config }, username, domain);
  if (first.domain === domain) return first;
  // A server may keep its handles under another name, which then says the same.
  const lead = `${domain} ${first.domain}`;
  const inVain = leadsInVain.get(lead) ?? 0;
  if (inVain >= MOST_IN_VAIN) throw new MalformedDocument(NOBODYS);
  leadsInVain.set(lead, inVain + 1);
  const second = await ask({ http, config }, first.username, first.domain);
  if (second.domain !== first.domain || second.actorUri !== first.actorUri)
    throw new MalformedDocument(NOBODYS);
  leadsInVain.delete(lead);
  return second;
}

async function ask(
  { http, config }: Pick<FetchServices, 'http' | 'config'>,
  username: string,
  domain: string,
): Promise<FoundHandle> {
  const resource = encodeURIComponent(`acct:${username}@${domain}`);
  const scheme = config.publicUrl.protocol;
  const url = `${scheme}//${domain}/.well-known/webfinger?resource=${resource}`;
  const { body } = await http.get(url, LIMITS, () => ({ accept: 'application/jrd+json' }));
  return readResource(readDocument(body));
}

function readResource(document: JsonObject): FoundHandle {
  const [, username, host] = ACCOUNT.exec(textOf(document['subject']) ?? '') ?? [];
  const self = listOf(document['links'])
    .map((link) => objectOf(link))
    .find((link) => link?.['rel'] === 'self' && SELF_TYPES.test(textOf(link['type']) ?? ''));
  const actorUri = textOf(self?.['href']);
  const domain = asDomain(host ?? '');
  if (username === undefined || actorUri === null || domain === null)
    throw new MalformedDocument('The answer names nobody.');
  return { username, domain, actorUri };
}

/** A host as we keep it: lower case, ASCII, with its port where it has one. */
export function asDomain(host: string): string | null {
  const [name = '', port] = host.split(':');
  const ascii = domainToASCII(name.toLowerCase());
  if (ascii === '' || (port !== undefined && !/^\d{1,5}$/.test(port))) return null;
  return port === undefined ? ascii : `${ascii}:${port}`;
}
