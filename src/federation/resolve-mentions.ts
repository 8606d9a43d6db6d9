/** People for whom a text of ours is and whom nobody here knows yet. */
import type { JobContext } from '../platform/context.js';
import { findUnknownHandles } from '../posts/content/compose-content.js';
import { findAwaited } from '../posts/awaited-mentions.js';
import { renewMentions } from '../posts/renew-mentions.js';
import type { FederatedPost } from './federated-post.queries.js';
import { asDomain, findHandle } from './internal/find-handle.js';
import { fetchActor, isAbsence } from './resolve-actor.js';

/** So many are asked for, for one text; those after them stay text. */
const MOST_ASKED = 10;

/**
 * Asks the servers of unknown people who are named, all at once, and makes the mentions of those who are there real:
 * then the text is addressed to them. Who is not to be had stays text.
 *
 * @returns whether anybody came to be known
 */
export async function resolveMentions(
  context: JobContext,
  { id, contentSource }: Pick<FederatedPost, 'id' | 'contentSource'>,
): Promise<boolean> {
  if (contentSource === null || !contentSource.includes('@')) return false;
  const { database, config } = context;
  const handles = await findUnknownHandles(database, config, contentSource);
  const found = await Promise.all(
    handles.slice(0, MOST_ASKED).map(({ username, domain }) => isFound(context, username, domain)),
  );
  if (!found.includes(true)) return false;
  await renewMentions(context, id);
  return true;
}

/**
 * Asks for those for whom a comment is since its post names them, as far as nobody here knows them.
 *
 * @returns whether anybody came to be known
 */
export async function resolveAwaited(
  context: JobContext,
  { id, kind, visibility, narrowedTo }: FederatedPost,
): Promise<boolean> {
  if (kind !== 'comment' || visibility !== 'MENTIONED' || narrowedTo !== null) return false;
  const uris = await findAwaited(context.database, id, MOST_ASKED);
  const found = await Promise.all(uris.map((uri) => isThere(context, uri)));
  return found.includes(true);
}

async function isFound(context: JobContext, username: string, written: string): Promise<boolean> {
  const domain = asDomain(written);
  if (domain === null) return false;
  try {
    const { actorUri } = await findHandle(context, username, domain);
    return await isThere(context, actorUri);
  } catch (error) {
    return isNotToBeHad(context, error);
  }
}

async function isThere(context: JobContext, uri: string): Promise<boolean> {
  try {
    await fetchActor(context, uri);
    return true;
  } catch (error) {
    return isNotToBeHad(context, error);
  }
}

function isNotToBeHad({ log }: JobContext, error: unknown): false {
  if (!isAbsence(error)) throw error;
  log.debug({ err: error }, 'somebody who is named is not to be had');
  return false;
}
