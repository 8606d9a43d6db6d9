// Looks for a program on PATH, without running a shell.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/** Names and values as in the environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first executable file of this name on PATH, absolute, or null. */
export async function findProgram(name: string, environment: Environment): Promise<string | null> {
  const directories = (environment['PATH'] ?? '').split(path.delimiter);
  for (const directory of directories.filter((entry) => path.isAbsolute(entry))) {
    const file = path.join(directory, name);
    if (await isExecutable(file)) return file;
  }
  return null;
}

/** Whether this is a file that this account may run. */
export async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
