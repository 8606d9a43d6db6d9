/** From something that is unknown here up to the post that it is about: asked for step by step, kept from the top down. */
import type { Services } from '../../platform/context.js';
import { DomainError } from '../../platform/errors.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { remotePostLookedAt } from '../../posts/posts.events.js';
import { isOurs, originOf } from '../addresses.js';
import { withFetchBudget } from '../internal/fetch-budget.js';
import { fetchNote, type FetchedNote } from '../internal/fetch-note.js';
import { MalformedDocument } from '../internal/read-document.js';
import { isAbsence } from '../resolve-actor.js';
import { isWanted, keepComment, keepPost } from './keep-note.js';
import { findSubject, type KnownSubject } from './receiving.js';

/** Answers above answers, at most: conversations are shorter. */
const MOST_STEPS = 20;

/** What acts in jobs and in the name of remote actors. */
export type ThreadServices = Services & { readonly jobId: string };

interface Chain {
  /** What the uppermost of `notes` answers, or what was asked for itself; null when it is not to be had. */
  readonly known: KnownSubject | null;
  /** From what was asked for upwards. */
  readonly notes: readonly FetchedNote[];
}

/**
 * Finds a post or comment, and asks for it and what stands above it where that is unknown.
 *
 * @param asked null = nobody asked for it itself: it is kept only under what it answers, or when it is wanted anyway
 * @returns null when it cannot be had, or its author may not comment there
 * @throws {OutsideUnavailable} when its server does not answer for now, in which case asking later can help
 */
export async function fetchThread(
  services: ThreadServices,
  uri: string,
  asked: FetchedNote | null = null,
): Promise<KnownSubject | null> {
  const { known, notes } = await climb(withFetchBudget(services), uri, asked);
  let above = known;
  for (const fetched of notes.toReversed()) {
    const isAsked = asked !== null && fetched === notes[0];
    const kept = await keep(services, fetched, above, isAsked);
    if (kept === 'REFUSED') return null;
    above = kept;
  }
  return above;
}

async function climb(
  services: ThreadServices,
  uri: string,
  asked: FetchedNote | null,
): Promise<Chain> {
  const notes: FetchedNote[] = [];
  const seen = new Set<string>();
  let next = uri;
  while (notes.length < MOST_STEPS && !seen.has(next)) {
    seen.add(next);
    const known = await findSubject(services.database, next);
    if (known) return { known, notes };
    if (originOf(next) === null || isOurs(services.config, next)) break;
    const fetched = notes.length === 0 && asked ? asked : await tryFetch(services, next, notes);
    if (!fetched) break;
    notes.push(fetched);
    seen.add(fetched.note.uri);
    if (fetched.note.inReplyTo === null) break;
    next = fetched.note.inReplyTo;
  }
  return { known: null, notes };
}

/** Null when it is gone. What only stands further up is not worth failing for. */
async function tryFetch(
  services: ThreadServices,
  uri: string,
  below: readonly FetchedNote[],
): Promise<FetchedNote | null> {
  try {
    return await fetchNote(services, uri);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    if (error instanceof OutsideUnavailable && error.isTemporary && below.length === 0) throw error;
    services.log.debug({ err: error, uri }, 'what a note answers is not to be had');
    return null;
  }
}

async function keep(
  services: ThreadServices,
  fetched: FetchedNote,
  above: KnownSubject | null,
  isAsked: boolean,
): Promise<KnownSubject | 'REFUSED' | null> {
  const written = { ...fetched, isNews: false };
  try {
    if (above) return (await keepComment(services, written, above)) ?? 'REFUSED';
    const isPost = fetched.note.inReplyTo === null;
    if (!isPost && !isAsked && !(await isWanted(services.database, written))) return null;
    const post = await keepPost(services, written);
    if (post)
      await services.database.transaction((tx) =>
        tx.append(remotePostLookedAt, { postId: post.threadId }),
      );
    return post;
  } catch (error) {
    if (error instanceof DomainError || error instanceof MalformedDocument) return 'REFUSED';
    throw error;
  }
}
