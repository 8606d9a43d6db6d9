// What a move has brought over and verified, so that one that was killed goes on where it was.
import { createHash } from 'node:crypto';
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** Verified objects of one move, in memory and in a file. */
export interface Ledger extends AsyncDisposable {
  has(key: string): boolean;
  /** Notes an object that is over there, its bytes compared. */
  add(key: string): Promise<void>;
  /** Everything has been moved: nothing is to be remembered. */
  forget(): Promise<void>;
}

/** Opens the ledger of a move; `move` says from where to where, as another move has verified nothing of this one. */
export async function openLedger(directory: string, move: string): Promise<Ledger> {
  const name = createHash('sha256').update(move).digest('hex').slice(0, 16);
  const file = path.join(directory, `verified-${name}`);
  const keys = new Set((await readFile(file, 'utf8').catch(() => '')).split('\n'));
  const handle = await open(file, 'a', 0o600);
  // the line on which a killed move was writing is no key
  await handle.appendFile('\n');
  return ledgerOf(file, keys, handle);
}

function ledgerOf(file: string, keys: Set<string>, handle: FileHandle): Ledger {
  let last: Promise<unknown> = Promise.resolve();
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      keys.add(key);
      last = last.then(() => handle.appendFile(`${key}\n`));
      return last.then(() => undefined);
    },
    forget: () => rm(file, { force: true }),
    [Symbol.asyncDispose]: async () => {
      await last.catch(() => undefined);
      await handle.close();
    },
  };
}
