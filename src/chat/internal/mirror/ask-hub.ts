/** Asking the hub of a mirrored conversation. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { Services } from '../../../platform/context.js';
import { OutsideUnavailable } from '../../../platform/outside-unavailable.js';
import type { PeerAnswer, PeerQuestion } from '../../../platform/peers.js';
import { HubUnreachable } from '../../mls.errors.js';
import type { Mirror } from './mirror.js';
import { refusalOf } from './hub-refusals.js';
import { readPlace, type MirrorPlace } from './read-entry.js';
import { readHubDocument, type HubDocument } from './read-hub-document.js';
import { countIn, listIn, objectIn, type Json } from './read-json.js';

/** What asking takes. */
export type AskingServices = Pick<Services, 'peers'>;

/** A part of what stands in a conversation. */
export interface HubPage {
  readonly places: readonly MirrorPlace[];
  /** The last place of all, as far as the hub says. */
  readonly lastSequence: number;
  /** Bytes of the encrypted messages in it. */
  readonly bytes: number;
}

const OK = 200;
const GONE = new Set([404, 410]);
const DOCUMENT_BYTES = 1024 * 1024;
const PAGE_BYTES = 10 * 1024 * 1024;
const REPLY_BYTES = 2 * 1024 * 1024;
const MOST_PLACES = 1000;
const TIMEOUT_MS = 15_000;

/**
 * The conversation as it stands; null when there is none for this server.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE
 */
export async function fetchHubDocument(
  services: AskingServices,
  uri: string,
): Promise<HubDocument | null> {
  const answer = await get(services, uri, uri, DOCUMENT_BYTES);
  if (!answer) return null;
  return readHubDocument(answer, uri) ?? fail(uri, 'The document is none.');
}

/**
 * What stands behind a place; null when there is no such conversation for this server.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE
 */
export async function fetchHubPage(
  services: AskingServices,
  uri: string,
  after: number,
): Promise<HubPage | null> {
  const page = await get(services, uri, `${uri}/messages?after=${after}`, PAGE_BYTES);
  if (!page) return null;
  const items = listIn(page['orderedItems'] ?? page['items']).slice(0, MOST_PLACES);
  const places = items.map((item) => readPlace(item, uri)).filter((place) => place !== null);
  const lastSequence = countIn(page['lastSeq']) ?? places.at(-1)?.sequence ?? after;
  const bytes = places.reduce((sum, place) => sum + bytesOf(place), 0);
  return { places, lastSequence, bytes };
}

function bytesOf(place: MirrorPlace): number {
  return place.kind === 'EMPTY' ? 0 : (place.content?.length ?? 0);
}

/**
 * Submits something in the name of somebody here.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE when it is not known whether the hub has it
 * @throws {DomainError} what the hub refused, as this server would have refused it
 */
export async function submit(
  services: AskingServices,
  { hubUri }: Pick<Mirror, 'hubUri'>,
  as: ActorId,
  body: Json,
): Promise<Json> {
  const question = { method: 'POST', as, body: Buffer.from(JSON.stringify(body)) } as const;
  const answer = await ask(services, hubUri, {
    ...question,
    url: `${hubUri}/submit`,
    maxBytes: REPLY_BYTES,
  });
  const said = parse(answer.body);
  if (answer.status === OK && said) return said;
  throw refusalOf(answer, said) ?? unreachable(hubUri, `Status ${answer.status}.`);
}

async function get(
  services: AskingServices,
  uri: string,
  url: string,
  maxBytes: number,
): Promise<Json | null> {
  const answer = await ask(services, uri, { method: 'GET', as: null, url, maxBytes });
  if (GONE.has(answer.status)) return null;
  if (answer.status !== OK) fail(uri, `Status ${answer.status}.`);
  return parse(answer.body) ?? fail(uri, 'The answer is no JSON.');
}

async function ask(
  { peers }: AskingServices,
  uri: string,
  question: Omit<PeerQuestion, 'timeoutMs'>,
): Promise<PeerAnswer> {
  try {
    return await peers.ask({ ...question, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    throw unreachable(uri, error);
  }
}

function parse(body: Buffer): Json | null {
  try {
    return objectIn(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}

function fail(uri: string, why: string): never {
  throw unreachable(uri, why);
}

function unreachable(uri: string, cause: unknown): HubUnreachable {
  return new HubUnreachable(new URL(uri).host, { cause });
}
