// The `triptych` command. Each command is a file named after its noun and verb.
import { Command } from 'commander';

import { ConfigError } from '../platform/config.js';
import { ServerKeyError } from '../platform/server-key.js';
import { DomainError } from '../platform/errors.js';
import { SOFTWARE } from '../platform/software.js';
import { StorageError } from '../platform/storage/storage-error.js';
import { adminCreate } from './admin-create.js';
import { backupCreate } from './backup-create.js';
import { backupRestore } from './backup-restore.js';
import { backupVerify } from './backup-verify.js';
import { configCheck } from './config-check.js';
import { configExplain } from './config-explain.js';
import { emojiExport } from './emoji-export.js';
import { emojiImport } from './emoji-import.js';
import { domainsExport } from './domains-export.js';
import { domainsImport } from './domains-import.js';
import { feedExplain } from './feed-explain.js';
import { feedReplay } from './feed-replay.js';
import { doctor } from './doctor.js';
import { CommandLineError } from './command-line-error.js';
import { complain } from './output.js';
import { keyLogsForget } from './key-logs-forget.js';
import { keyLogsList } from './key-logs-list.js';
import { keysRotate } from './keys-rotate.js';
import { seed } from './seed.js';
import { storageMove } from './storage-move.js';
import { tokenCreate } from './token-create.js';
import { tokenScopes } from './token-scopes.js';

function noun(name: string, description: string, ...verbs: Command[]): Command {
  const command = new Command(name).description(description);
  for (const verb of verbs) command.addCommand(verb);
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
  .description('Looks after a Triptych server. Exit code 0: done and well; 1: something is wrong.')
  .addCommand(noun('admin', 'Accounts of the staff', adminCreate()))
  .addCommand(noun('config', 'The configuration of this server', configCheck(), configExplain()))
  .addCommand(
    noun(
      'backup',
      'Backups of rows, jobs, server key and media',
      backupCreate(),
      backupVerify(),
      backupRestore(),
    ),
  )
  .addCommand(noun('domains', 'Rules about other servers', domainsImport(), domainsExport()))
  .addCommand(noun('emoji', 'Custom emoji', emojiImport(), emojiExport()))
  .addCommand(noun('feed', 'Feeds and how they are made', feedExplain(), feedReplay()))
  .addCommand(noun('keys', 'Keys with which this server signs', keysRotate()))
  .addCommand(noun('key-logs', 'Logs of keys of other servers', keyLogsList(), keyLogsForget()))
  .addCommand(noun('storage', 'Where media are kept', storageMove()))
  .addCommand(noun('token', 'Personal access tokens', tokenCreate(), tokenScopes()))
  .addCommand(doctor())
  .addCommand(seed());

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
