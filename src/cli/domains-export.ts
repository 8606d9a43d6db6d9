// `triptych domains export`: the rules about other servers in a file that Mastodon reads, too.
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';

import { exportDomainRules } from '../moderation/import-domain-rules.js';
import { withCommandContext } from './command-context.js';
import { atNamedFile } from './named-file.js';
import { print } from './output.js';

/** The command; works beside a running server and without one. */
export function domainsExport(): Command {
  return new Command('export')
    .description('Writes all domain rules as CSV, to standard output unless a file is named')
    .argument('[file]', 'where to, such as blocks.csv; it must not be there')
    .action(async (file: string | undefined) => {
      const csv = await withCommandContext(({ database }) => exportDomainRules(database));
      if (file === undefined) process.stdout.write(csv);
      else {
        await atNamedFile(() => writeFile(file, csv, { flag: 'wx' }));
        print(`Wrote the rules to ${file}.`);
      }
    });
}
