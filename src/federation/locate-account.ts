/** An account that somebody names as their other one: by id, handle or address, over the network where it is not known. */
import { findActors, type ActorRow } from '../actors/actor.queries.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { DomainError, NotFound } from '../platform/errors.js';
import { parseGlobalId } from '../platform/ids.js';
import { fetchRemoteObject } from './fetch-remote-object.js';

/** One of the three. */
export interface AccountLocator {
  readonly id?: string | null;
  readonly handle?: string | null;
  readonly url?: string | null;
}

/**
 * Finds an account that is there: neither suspended nor deleted.
 *
 * @throws {NotFound} NOT_FOUND at `path`
 * @throws {RateLimited} RATE_LIMITED for more than 100 look-ups in an hour
 */
export async function locateAccount(
  context: CommandContext,
  locator: AccountLocator,
  path: readonly string[],
): Promise<ActorRow> {
  const id = locator.id == null ? await lookUp(context, locator) : actorIdOf(locator.id);
  const [actor] = id === null ? [] : await findActors(context.database, [id]);
  const isGone = !actor || ['PENDING', 'SUSPENDED', 'DELETED'].includes(actor.status);
  if (isGone) throw new NotFound([...path, ...fieldOf(locator)]);
  return actor;
}

async function lookUp(
  context: CommandContext,
  { handle, url }: AccountLocator,
): Promise<ActorId | null> {
  try {
    const found = await fetchRemoteObject(context, {
      ...(handle != null && { handle }),
      ...(url != null && { url }),
    });
    return found.kind === 'actor' ? found.id : null;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}

function actorIdOf(globalId: string): ActorId | null {
  const parsed = parseGlobalId(globalId);
  return parsed?.kind === 'actor' ? (parsed.id as ActorId) : null;
}

function fieldOf({ id, handle }: AccountLocator): readonly string[] {
  if (id != null) return ['id'];
  return [handle == null ? 'url' : 'handle'];
}
