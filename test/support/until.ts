// Waiting for what others do, with an end that tells what did not come: the limit of a whole test only tells that it was long.
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds in which it comes, however busy the machine is; less than a test has. */
const PATIENCE = 90_000;

/** How to wait, in milliseconds. */
export interface Waiting {
  readonly patience?: number;
  /** Between two questions. */
  readonly every?: number;
  /** What there is to see, where it never comes. */
  readonly shows?: () => string;
}

/**
 * Asks again and again until the answer is something that counts as true.
 *
 * @throws when it never is, with the question and the last answer
 */
export async function until<Answer>(
  ask: () => Answer | Promise<Answer>,
  { patience = PATIENCE, every = 10, shows = () => '' }: Waiting = {},
): Promise<Answer> {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end)
      throw new Error(`Still ${String(answer)} after ${patience} ms: ${String(ask)} ${shows()}`);
    await wait(every);
  }
}
