/** Counts the accounts that are made from one network; what is refused, or was made before, is not counted. */
import { isLoopback } from '../../platform/client-address.js';
import type { CommandContext } from '../../platform/context.js';
import { chargeAttempt, networkKey, refundAttempt, registrationLimits } from './limits.js';

/**
 * Runs a registration within the limit of its network. Charged before and refunded after, so that many at once
 * cannot exceed it together. Who sits at the machine itself is not limited.
 *
 * @param register passes what it has made through `made`
 * @throws {RateLimited} RATE_LIMITED
 */
export async function countRegistration<Result>(
  context: CommandContext,
  register: (made: (result: Result) => Result) => Promise<Result>,
): Promise<Result> {
  if (isLoopback(context.clientAddress)) return register((result) => result);
  const limits = registrationLimits(context.config);
  const network = networkKey(context);
  await chargeAttempt(context, limits, network);
  let isMade = false;
  try {
    return await register((result) => {
      isMade = true;
      return result;
    });
  } catch (error) {
    isMade = false;
    throw error;
  } finally {
    if (!isMade) await refundAttempt(context, limits, network);
  }
}
