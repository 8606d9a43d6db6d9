// `triptych backup verify`: is every byte there, and do the rows load?
import { Command } from 'commander';

import { checkArchive } from './backup/archive-reader.js';
import { loadIntoScratch } from './backup/scratch-restore.js';
import { print, printJson } from './output.js';

/** The command; touches neither the server's database nor its configuration. */
export function backupVerify(): Command {
  return new Command('verify')
    .description(
      'Checks every digest of a backup, then loads its rows into a database made for that',
    )
    .argument('<file>', 'a backup')
    .option('--json', 'answer as JSON')
    .action(async (file: string, { json }: { json?: true }) => {
      const archive = await checkArchive(file);
      const { header, manifest } = archive;
      if (!json) {
        print(
          `Complete and undamaged: ${header.domain} as of ${header.createdAt}, ${manifest.parts.length} parts.`,
        );
      }
      const outcome = await loadIntoScratch(file, archive);
      if (json)
        printJson({
          ...header,
          parts: manifest.parts.length,
          media: manifest.media,
          scratch: outcome,
        });
      else if (outcome.loaded)
        print('Its rows load into an empty database, and every foreign key holds.');
      else
        print(
          `Loading was not tried, as no PostgreSQL can be started for it here: ${outcome.reason}`,
        );
    });
}
