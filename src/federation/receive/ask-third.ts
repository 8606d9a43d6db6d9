/**
 * What other servers make us ask of third ones, for people whom nobody here follows: bounded for each server that makes
 * us, so that nobody turns this one against another.
 */
import type { RateLimit } from '../../platform/rate-limiter.js';
import { siteOf } from '../../platform/site-of.js';
import { isOurs, originOf } from '../addresses.js';
import { isFollowedHere } from './keep-note.js';
import type { Receiving } from './receiving.js';

/** Questions in an hour. */
export const ASK_THIRD: RateLimit = {
  name: 'ask_third',
  points: 300,
  windowSeconds: 3600,
  failsClosed: false,
};

/** Who makes us ask. */
export type Asking = Pick<Receiving, 'context' | 'sender'>;

/** Whether something may be asked for because the sender names it: counted where it is of a third server. */
export async function mayAskFor(receiving: Asking, uri: string): Promise<boolean> {
  const { context, sender } = receiving;
  return (await isFollowedHere(context.database, sender.actorId)) || mayAskThird(receiving, uri);
}

/** As `mayAskFor`, whoever follows the sender. */
export async function mayAskThird({ context, sender }: Asking, uri: string): Promise<boolean> {
  if (originOf(uri) === originOf(sender.uri) || isOurs(context.config, uri)) return true;
  return !(await context.rateLimiter.charge(ASK_THIRD, siteOf(sender.host))).isExceeded;
}
