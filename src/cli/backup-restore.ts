// `triptych backup restore`: brings a backup back into an empty place.
import { Command } from 'commander';

import { openStorage } from '../app/open-storage.js';
import { loadConfig } from '../platform/config.js';
import { makeDirectory } from '../platform/make-directory.js';
import type { Config } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import { openServerDatabase, runningDatabaseUrl } from '../platform/db/locate-database.js';
import { checkArchive } from './backup/archive-reader.js';
import { BackupError } from './backup/format.js';
import { restoreBackup } from './backup/restore-backup.js';
import { print } from './output.js';
import { readPassphrase } from './passphrase.js';

interface Options {
  otherDomain?: true;
  passphraseFile?: string;
}

function refuseOtherDomain(saved: string, config: Config, isWanted: boolean): void {
  if (saved === config.publicUrl.host || isWanted) return;
  throw new BackupError(
    `The backup is of ${saved}, but PUBLIC_URL says ${config.publicUrl.host}. Set PUBLIC_URL to the old address; ` +
      'only for a copy that nobody out there knows, use --other-domain.',
  );
}

/** The command; refuses whatever would overwrite something. */
export function backupRestore(): Command {
  return new Command('restore')
    .description('Restores a backup into an empty database, data directory and media storage')
    .argument('<file>', 'a backup')
    .option(
      '--passphrase-file <file>',
      'open the sealed server key with the first line of this file',
    )
    .option('--other-domain', 'bind the data to the host of PUBLIC_URL instead of their own')
    .action(async (file: string, { otherDomain, passphraseFile }: Options) => {
      const config = loadConfig(processEnvironment());
      if (config.databaseUrl === null && (await runningDatabaseUrl(config)) !== null) {
        throw new BackupError('A server is running on this data directory. Stop it first.');
      }
      const passphrase = await readPassphrase(passphraseFile);
      const archive = await checkArchive(file);
      refuseOtherDomain(archive.header.domain, config, otherDomain === true);
      await makeDirectory(config.dataDirectory);
      await using database = await openServerDatabase(config);
      await restoreBackup(file, archive, {
        databaseUrl: database.url,
        storage: await openStorage(config),
        dataDirectory: config.dataDirectory,
        serverKey: config.serverKey,
        passphrase,
        domain: config.publicUrl.host,
      });
      const { domain, createdAt } = archive.header;
      print(`Restored ${domain} as of ${createdAt}. The next start brings the schema up to date.`);
    });
}
