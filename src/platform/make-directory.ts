/** Making a directory with those above it. */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from './system-error.js';

/**
 * Makes what is missing of a path, readable by nobody else. Node's own `recursive` never ends where a file system
 * answers ENOENT to every new name, as /proc does.
 *
 * @throws {Error} what the operating system says
 */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await make(directory);
  } catch (error) {
    const parent = path.dirname(directory);
    if (!hasCode(error, 'ENOENT') || parent === directory) throw error;
    await makeDirectory(parent);
    await make(directory);
  }
}

async function make(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST') || !(await stat(directory)).isDirectory()) throw error;
  }
}
