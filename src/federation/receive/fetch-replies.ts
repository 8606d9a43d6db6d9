/** The answers to a post of another server, as far as its server tells them; each is believed only where it stands. */
import { DomainError } from '../../platform/errors.js';
import type { PostId } from '../../posts/post.entity.js';
import { isOurs, originOf } from '../addresses.js';
import { fetchNote, provenNote, type FetchedNote } from '../internal/fetch-note.js';
import { fetchFirstMembers } from '../internal/read-collection.js';
import { idOf, isShortAddress, objectOf } from '../internal/read-properties.js';
import { isAbsence } from '../resolve-actor.js';
import type { ThreadServices } from './fetch-thread.js';
import { keepComment } from './keep-note.js';
import { findSubject } from './receiving.js';

/** Collections asked for at once: that of the post, and those of answers found in it. */
const MOST_COLLECTIONS = 8;
const MOST_PAGES = 3;
const MOST_MEMBERS = 60;
/** Answers asked for one by one. */
const MOST_FETCHED = 60;
/** A server that has so many of them not is not asked for more: perhaps it never had any. */
const MOST_IN_VAIN = 3;

interface Walk {
  readonly postId: PostId;
  /** Still to be asked for. */
  readonly collections: string[];
  readonly seen: Set<string>;
  fetched: number;
  /** By host. */
  readonly inVain: Map<string, number>;
}

/** Asks for the answers to a post, and to those for theirs, within bounds. What is not to be had is left out. */
export async function fetchReplies(
  services: ThreadServices,
  postId: PostId,
  repliesUri: string,
): Promise<void> {
  const start = { postId, collections: [repliesUri], seen: new Set<string>(), fetched: 0 };
  const walk: Walk = { ...start, inVain: new Map() };
  for (let asked = 0; asked < MOST_COLLECTIONS && walk.collections.length > 0; asked++)
    await readCollection(services, walk, walk.collections.shift()!);
}

async function readCollection(services: ThreadServices, walk: Walk, uri: string): Promise<void> {
  const members = await orNothing(services, uri, () =>
    fetchFirstMembers(services, uri, MOST_MEMBERS, MOST_PAGES),
  );
  for (const member of members ?? []) {
    if (walk.fetched >= MOST_FETCHED) return;
    await keepMember(services, walk, member, uri);
  }
}

async function keepMember(
  services: ThreadServices,
  walk: Walk,
  member: unknown,
  collection: string,
): Promise<void> {
  const uri = idOf(member);
  if (uri === null || !isShortAddress(uri) || originOf(uri) === null || walk.seen.has(uri)) return;
  walk.seen.add(uri);
  if (isOurs(services.config, uri) || (await findSubject(services.database, uri))) return;
  const { host } = new URL(uri);
  const inVain = walk.inVain.get(host) ?? 0;
  if (inVain >= MOST_IN_VAIN) return;
  walk.fetched += 1;
  const embedded = objectOf(member);
  const isTold = embedded?.['type'] !== undefined && originOf(uri) === originOf(collection);
  const fetched = await orNothing(services, uri, () => {
    const told = isTold ? { ...embedded, id: uri } : null;
    return told ? provenNote(services, told) : fetchNote(services, uri);
  });
  if (!fetched) walk.inVain.set(host, inVain + 1);
  else await orNothing(services, uri, () => keepAnswer(services, walk, fetched));
}

/** An answer to the post or to what stands below it; whatever else a server slips in is left. */
async function keepAnswer(
  services: ThreadServices,
  { postId, collections }: Walk,
  { note, author }: FetchedNote,
): Promise<void> {
  const answered =
    note.inReplyTo === null ? null : await findSubject(services.database, note.inReplyTo);
  if (!answered || answered.threadId !== postId) return;
  const kept = await keepComment(services, { note, author, isNews: false }, answered);
  const { repliesUri } = note;
  if (kept && repliesUri !== null && originOf(repliesUri) === originOf(note.uri))
    collections.push(repliesUri);
}

async function orNothing<Result>(
  services: ThreadServices,
  uri: string,
  work: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (!isAbsence(error) && !(error instanceof DomainError)) throw error;
    services.log.debug({ err: error, uri }, 'an answer is not to be had');
    return null;
  }
}
