/** Which Node the server runs on. */
import { StartError } from './start-error.js';

const OLDEST_MAJOR = 24;

/**
 * Refuses a Node that lacks what the server uses, before anything fails in a way that nobody understands.
 *
 * @param version  such as `v24.22.1`
 * @throws {StartError}
 */
export function requireNode(version: string): void {
  if (Number(/^v(\d+)\./.exec(version)?.[1]) >= OLDEST_MAJOR) return;
  throw new StartError(
    `it needs Node ${OLDEST_MAJOR} or later and this is ${version}. npm start uses the one that npm ci has installed.`,
  );
}
