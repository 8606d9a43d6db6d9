// Files that the administrator names on the command line.
import { CommandLineError } from './command-line-error.js';

/**
 * Reads or writes such a file. That it is missing, or may not be written, is the administrator's to mend.
 *
 * @throws {CommandLineError} in place of every fault of the work
 */
export async function atNamedFile<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}
