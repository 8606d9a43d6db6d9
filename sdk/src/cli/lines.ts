/** What is typed, and what is printed. */
import {
  clearScreenDown,
  createInterface,
  cursorTo,
  moveCursor,
  type Interface,
} from 'node:readline';
import { readSecret } from './secret.js';

const PROMPT = '> ';

/** What somebody types at this moment, which is left alone by what is printed; null = nobody types. */
let editing: Interface | null = null;

/** Whether somebody sits before it: a script reads and writes nothing but lines. */
export const isTyped = (): boolean => [process.stdin, process.stdout].every(({ isTTY }) => isTTY);

/** Lines as they are typed; what is typed before somebody asks for it waits. */
export class Lines {
  #terminal: Interface | null = null;
  #typed: AsyncIterator<string, undefined> | null = null;
  #isClosed = false;

  /** @throws {Error} when nothing more is typed */
  async ask(question: string): Promise<string> {
    const answer = await this.next(question);
    if (answer === null) throw new Error('Nobody answered.');
    return answer;
  }

  /** As `ask`, but what is typed is not to be seen. */
  async askSecret(question: string): Promise<string> {
    if (!isTyped()) return this.ask(question);
    const answer = await readSecret(question);
    if (answer === null) throw new Error('Nobody answered.');
    return answer;
  }

  /** @returns null when nothing more is typed */
  async next(question = PROMPT): Promise<string | null> {
    if (this.#isClosed) return null;
    this.#typed ??= this.#open();
    if (!isTyped()) process.stderr.write(question === PROMPT ? '' : question);
    else {
      editing = this.#terminal;
      editing?.setPrompt(question);
      editing?.prompt();
    }
    const { done, value } = await this.#typed.next();
    editing = null;
    const isOver = done || this.#isClosed;
    // What the shell writes next begins a line.
    if (isOver && isTyped()) process.stdout.write('\n');
    return isOver ? null : value;
  }

  /** Nothing more is asked for. */
  close(): void {
    this.#isClosed = true;
    this.#terminal?.close();
  }

  #open(): AsyncIterator<string, undefined> {
    const { stdin, stdout } = process;
    // What is asked for may be secret, so nothing of it is kept for later.
    this.#terminal = isTyped()
      ? createInterface({ input: stdin, output: stdout, historySize: 0 })
      : createInterface({ input: stdin });
    this.#terminal.on('SIGINT', () => this.close());
    return this.#terminal[Symbol.asyncIterator]();
  }
}

/**
 * Prints what others may have written: nothing in it moves the cursor or turns the direction of writing, and what stands on
 * further lines cannot be taken for something else.
 */
export function say(text: string): void {
  print(process.stdout, text);
}

/** Prints what went wrong, where scripts look for it. */
export function complain(text: string): void {
  print(process.stderr, `! ${text}`);
}

function print(output: NodeJS.WriteStream, text: string): void {
  const safe = text
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (it) => (it === '\n' ? it : ''))
    .replaceAll('\n', '\n  ');
  const rows = editing?.getCursorPos().rows ?? 0;
  if (editing) {
    moveCursor(process.stdout, 0, -rows);
    cursorTo(process.stdout, 0);
    clearScreenDown(process.stdout);
  }
  // What is typed is drawn anew from where it began.
  output.write(`${safe}\n${'\n'.repeat(rows)}`);
  editing?.prompt(true);
}
