/**
 * The one way to what other servers publish. A document is believed only where it stands: its `id` is the address that
 * was asked, or it is asked for once more there. What a server only leads on to is not its own: many lead to whatever
 * address they are given, or to where files of their people are kept.
 */
import type { Services } from '../../platform/context.js';
import type { OutsideAnswer, OutsideLimits } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { ACTIVITY_JSON, isOurs, originOf } from '../addresses.js';
import { serverAsOwner, signingKeyOf, type KeyOwner } from '../signing-keys.js';
import { isOddDocument } from './json-ld/is-odd.js';
import { normaliser } from './json-ld/normaliser.js';
import { MalformedDocument, readDocument, type JsonObject } from './read-document.js';
import { formFor, headersIn, keepRefusal, mayBeMisunderstood } from './signature-forms.js';

/** What fetching takes. */
export type FetchServices = Pick<
  Services,
  'http' | 'database' | 'sealer' | 'clock' | 'config' | 'log'
>;

/** A document with an identity. */
export type IdentifiedDocument = JsonObject & { readonly id: string };

const LIMITS: OutsideLimits = {
  maxBytes: 1024 * 1024,
  timeoutMs: 10_000,
  maxRedirects: 3,
  isLasting: true,
  contentTypes: ['application/activity+json', 'application/ld+json'],
};
const PROFILE = 'https://www.w3.org/ns/activitystreams';
const ACCEPT = `${ACTIVITY_JSON.split(';')[0]}, application/ld+json; profile="${PROFILE}"`;

/**
 * Fetches what has an identity, signed by the server itself unless an actor of ours is to ask.
 *
 * @throws {OutsideUnavailable} when it is not there
 * @throws {MalformedDocument} when what is there is something else
 */
export async function fetchDocument(
  services: FetchServices,
  uri: string,
  asker: KeyOwner = serverAsOwner(services),
  maxBytes = LIMITS.maxBytes,
): Promise<IdentifiedDocument> {
  const first = await fetchOnce(services, uri, asker, maxBytes);
  if (standsAt(withoutFragment(uri), first)) return first.document;
  const { id } = first.document;
  const second = await fetchOnce(services, id, asker, maxBytes);
  if (!standsAt(id, second)) throw new MalformedDocument('The document stands somewhere else.');
  return second.document;
}

/** What was answered, and by which server after all redirects. */
interface Fetched {
  readonly document: IdentifiedDocument;
  readonly origin: string | null;
}

function standsAt(uri: string, { document, origin }: Fetched): boolean {
  return document.id === uri && originOf(uri) === origin;
}

async function fetchOnce(
  services: FetchServices,
  uri: string,
  asker: KeyOwner,
  maxBytes: number,
): Promise<Fetched> {
  if (isOurs(services.config, uri)) throw new MalformedDocument('The document would be ours.');
  const answer = await getSigned(services, withoutFragment(uri), asker, maxBytes);
  const isPlainLd = answer.contentType.startsWith('application/ld+json');
  if (isPlainLd && !answer.contentType.includes(PROFILE))
    throw new MalformedDocument('The document is not ActivityStreams.');
  const read = readDocument(answer.body);
  const document = isOddDocument(read) ? await normaliser.normalise(read) : read;
  const { id } = document;
  if (typeof id !== 'string' || URL.parse(id) === null)
    throw new MalformedDocument('The document has no id.');
  return { document: { ...document, id }, origin: originOf(answer.url) };
}

/** In the form that the host is known to read; in the older one where it turns out that it does not. */
async function getSigned(
  services: FetchServices,
  uri: string,
  asker: KeyOwner,
  maxBytes: number,
): Promise<OutsideAnswer> {
  const host = URL.parse(uri)?.host ?? '';
  const key = await signingKeyOf(services, asker);
  const get = (isNew: boolean): Promise<OutsideAnswer> =>
    services.http.get(uri, { ...LIMITS, maxBytes }, (url) => {
      const form = isNew && url.host === host ? 'MESSAGE' : 'DRAFT';
      const request = { method: 'GET', url, body: null } as const;
      return { accept: ACCEPT, ...headersIn(form, request, key, services.clock.now()) };
    });
  if ((await formFor(services, host)) === 'DRAFT') return get(false);
  try {
    return await get(true);
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) || !mayBeMisunderstood(error.status)) throw error;
    const answer = await get(false);
    await keepRefusal(services, host);
    return answer;
  }
}

function withoutFragment(uri: string): string {
  return uri.split('#')[0]!;
}
