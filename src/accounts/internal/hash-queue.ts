/** Password hashes are dear on purpose: few run at once, few more wait, the rest is told to come back. */
import { RateLimited } from '../../platform/errors.js';

const MAX_RUNNING = 2;
const MAX_WAITING = 100;
const RETRY_SECONDS = 3;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs `work` when it is its turn; at most two run at once in this process.
 *
 * @throws {RateLimited} RATE_LIMITED when a hundred wait already
 */
export async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running < MAX_RUNNING) running += 1;
  else await turn();
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** A finished hash hands its place over, so that `running` stays the same. */
function turn(): Promise<void> {
  if (waiting.length >= MAX_WAITING) throw new RateLimited(RETRY_SECONDS);
  return new Promise((resolve) => waiting.push(resolve));
}
