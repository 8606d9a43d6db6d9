// Where the password of a new account comes from: typed unseen, read from a pipe, or made up.
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Writable } from 'node:stream';

import { CommandLineError } from './command-line-error.js';

const GENERATED_BYTES = 18;

/** A password, and whether nobody but this program knows it yet. */
export interface NewPassword {
  readonly password: string;
  readonly isGenerated: boolean;
}

async function ask(question: string): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  process.stderr.write(question);
  try {
    return await new Promise((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new CommandLineError('\nNothing was changed.')));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function askTwice(): Promise<NewPassword> {
  const password = await ask('Password (empty: make one up): ');
  if (password === '') return generate();
  if ((await ask('Once more: ')) !== password)
    throw new CommandLineError('The two passwords differ.');
  return { password, isGenerated: false };
}

function generate(): NewPassword {
  return { password: randomBytes(GENERATED_BYTES).toString('base64url'), isGenerated: true };
}

/**
 * @param given  the option: a password; `-` reads the first line of standard input; left out: a person at a terminal
 *   is asked, anybody else gets one that is made up
 */
export async function newPassword(given: string | undefined): Promise<NewPassword> {
  if (given === '-') {
    const [password = ''] = (await text(process.stdin)).split(/\r?\n/);
    return { password, isGenerated: false };
  }
  if (given !== undefined) return { password: given, isGenerated: false };
  return process.stdin.isTTY ? askTwice() : generate();
}
