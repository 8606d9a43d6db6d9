// `triptych backup create`: saves everything into one file, also while the server runs.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';

import { openStorage } from '../app/open-storage.js';
import { loadConfig } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import { hasDatabase, openToolDatabase } from '../platform/db/locate-database.js';
import { findServerKey } from '../platform/server-key.js';
import { createBackup } from './backup/create-backup.js';
import { BackupError } from './backup/format.js';
import type { Header, Manifest } from './backup/format.js';
import { print, printJson } from './output.js';
import { readPassphrase } from './passphrase.js';

interface Options {
  json?: true;
  passphraseFile?: string;
}

/** A directory gets a file named after the domain and the moment. */
async function fileFor(target: string, domain: string): Promise<string> {
  const isDirectory = await stat(target).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isDirectory) return path.resolve(target);
  const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return path.resolve(target, `triptych-${domain.replaceAll(':', '-')}-${moment}.tar`);
}

function tell(file: string, header: Header, manifest: Manifest, isSealed: boolean): void {
  const rows = Object.values(manifest.rowCounts).reduce((sum, count) => sum + count, 0);
  const { objects, missing } = manifest.media;
  print(
    `Saved ${header.domain} as of ${header.createdAt}: ${header.tables.length} tables with ${rows} rows, ${objects} media, the server key.`,
  );
  print(file);
  print(
    isSealed
      ? 'The server key in it is sealed under the passphrase: without that, the backup cannot be restored.'
      : 'The server key in it is readable: keep the file as safe as a password, or use --passphrase-file.',
  );
  if (missing.length > 0) {
    print(
      `${missing.length} media are in the database but not in the storage, and so not in the backup.`,
    );
  }
}

/** The command. */
export function backupCreate(): Command {
  return new Command('create')
    .description('Saves database, jobs, server key and media of one moment into a tar file')
    .argument('<target>', 'file to make, or a directory to make it in')
    .option('--passphrase-file <file>', 'seal the server key under the first line of this file')
    .option('--json', 'answer as JSON')
    .action(async (target: string, { json, passphraseFile }: Options) => {
      const config = loadConfig(processEnvironment());
      if (!hasDatabase(config))
        throw new BackupError(`There are no data in ${config.dataDirectory} yet.`);
      const serverKey = await findServerKey(config);
      if (serverKey === null)
        throw new BackupError(`There is no server key in ${config.dataDirectory}.`);
      const passphrase = await readPassphrase(passphraseFile);
      const file = await fileFor(target, config.publicUrl.host);
      await using database = await openToolDatabase(config);
      const source = {
        databaseUrl: database.url,
        storage: await openStorage(config),
        serverKey,
        passphrase,
      };
      const { header, manifest } = await createBackup(file, source);
      if (json)
        printJson({ file, ...header, rowCounts: manifest.rowCounts, media: manifest.media });
      else tell(file, header, manifest, passphrase !== null);
    });
}
