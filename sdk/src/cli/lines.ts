/** What is typed, and what is printed. */
import { createInterface, type Interface } from 'node:readline';

/** Lines as they are typed; what is typed before somebody asks for it waits. */
export class Lines implements AsyncIterable<string> {
  readonly #terminal: Interface;
  readonly #typed: AsyncIterator<string, undefined>;

  constructor() {
    this.#terminal = createInterface({ input: process.stdin });
    this.#typed = this.#terminal[Symbol.asyncIterator]();
  }

  /** @throws {Error} when nothing more is typed */
  async ask(question: string): Promise<string> {
    process.stdout.write(question);
    const { done, value } = await this.#typed.next();
    if (done) throw new Error('Nobody answered.');
    return value;
  }

  [Symbol.asyncIterator](): AsyncIterator<string, undefined> {
    return this.#typed;
  }

  close(): void {
    this.#terminal.close();
  }
}

/**
 * Prints what others may have written: nothing in it moves the cursor or turns the direction of writing, and what stands on
 * further lines cannot be taken for something else.
 */
export function say(text: string): void {
  const safe = text
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (it) => (it === '\n' ? it : ''))
    .replaceAll('\n', '\n  ');
  process.stdout.write(`${safe}\n`);
}

/** Waits for what was begun, and says what went wrong. */
export async function tell(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (fault) {
    say(`! ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}
