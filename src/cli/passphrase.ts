// Passphrases come from a file: an argument would be visible to everybody on the machine.
import { readFile } from 'node:fs/promises';

import { BackupError } from './backup/format.js';
import { atNamedFile } from './named-file.js';

const SHORTEST = 12;

/** The first line of the file, or null without a file. @throws {BackupError} if it has less than 12 characters */
export async function readPassphrase(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  const [line = ''] = (await atNamedFile(() => readFile(file, 'utf8'))).split(/\r?\n/);
  if ([...line].length < SHORTEST) {
    throw new BackupError(`The passphrase in ${file} has less than ${SHORTEST} characters.`);
  }
  return line;
}
