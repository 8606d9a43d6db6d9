/** Naming another account of one's own, so that it may move here. */
import { findActorByHandle, findActorByUrl, findActors } from '../actors/actor.queries.js';
import { setAlias } from '../actors/set-alias.js';
import type { CommandContext } from '../platform/context.js';
import { Invalid } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { locateAccount, type AccountLocator } from './locate-account.js';

/** Which account, and whether it is to be named. */
export interface AccountAlias {
  readonly alias: AccountLocator;
  readonly isPresent: boolean;
}

/**
 * Names another account in the viewer's profile, or names it no more. Idempotent. Opens its own transaction. What is
 * named must be there; what is not named any more need not be.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 * @throws {TooMany} LIMIT_EXCEEDED for more than 10
 * @throws {RateLimited} RATE_LIMITED for more than 100 look-ups in an hour
 */
export async function setAccountAlias(
  context: CommandContext,
  { alias, isPresent }: AccountAlias,
): Promise<void> {
  const { actorId } = requireViewer(context);
  const uri = isPresent
    ? (await locateAccount(context, alias, ['alias'])).uri
    : ((await namedUri(context, actorId, alias)) ??
      (await locateAccount(context, alias, ['alias'])).uri);
  const [self] = await findActors(context.database, [actorId]);
  if (uri === self?.uri)
    throw new Invalid('An account is no alias of itself.', ['alias'], 'NOT_SELF');
  await context.database.transaction((tx) =>
    setAlias(tx, { actorId, uri, isPresent }, context.clock.now()),
  );
}

/** One that is named already and is not asked for again, as its server may be gone; null when it is none. */
async function namedUri(
  { database, config }: CommandContext,
  actorId: string,
  { handle, url }: AccountLocator,
): Promise<string | null> {
  const [self] = await findActors(database, [actorId]);
  const [username = '', domain] = (handle ?? '').replace(/^@/, '').split('@');
  const host = domain?.toLowerCase() ?? config.publicUrl.host;
  const known =
    handle == null
      ? await findActorByUrl(database, url ?? '')
      : await findActorByHandle(database, username, host === config.publicUrl.host ? null : host);
  const named = [url, known?.uri];
  return self?.alsoKnownAs.find((uri) => named.includes(uri)) ?? null;
}
