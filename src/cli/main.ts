// The `triptych` command. Each command is a file named after its noun and verb.
import { Command } from 'commander';

import { ConfigError } from '../platform/config.js';
import { ServerKeyError } from '../platform/server-key.js';
import { DomainError } from '../platform/errors.js';
import { SOFTWARE } from '../platform/software.js';
import { StorageError } from '../platform/storage/storage-error.js';
import { CommandLineError } from './command-line-error.js';
import { COMMANDS, type CommandEntry } from './commands.js';
import { complain } from './output.js';

/** What of it was not asked for is there by name only. */
async function commandOf({ name, description, load }: CommandEntry): Promise<Command> {
  const loaded = process.argv.includes(name) ? await load() : [];
  if (loaded instanceof Command) return loaded.name(name).description(description);
  const command = new Command(name).description(description);
  for (const verb of loaded) command.addCommand(verb);
  return command;
}

/** Faults that the administrator can mend are told without a stack trace. */
function isExpected(error: unknown): error is Error {
  return [ConfigError, ServerKeyError, StorageError, CommandLineError, DomainError].some(
    (expected) => error instanceof expected,
  );
}

const program = new Command('triptych')
  .version(SOFTWARE.version)
  .description('Looks after a Triptych server. Exit code 0: done and well; 1: something is wrong.');
for (const command of await Promise.all(COMMANDS.map(commandOf))) program.addCommand(command);

try {
  await program.parseAsync();
} catch (error) {
  complain(
    isExpected(error)
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error),
  );
}
