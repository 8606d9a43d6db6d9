// `triptych domains import`: takes in a list of rules about other servers, as Mastodon exports it.
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';

import { takeInDomainRules } from '../moderation/import-domain-rules.js';
import { withCommandContext } from './command-context.js';
import { atNamedFile } from './named-file.js';
import { print, printJson } from './output.js';

/** The command; works beside a running server and without one. */
export function domainsImport(): Command {
  return new Command('import')
    .description(
      'Takes in a CSV list of domains; rules that are there become stricter, never milder',
    )
    .argument('<file>', 'CSV with #domain and #severity')
    .option('--dry-run', 'change nothing, and tell what would happen')
    .option('--json', 'answer as JSON')
    .action(async (file: string, options: { dryRun?: true; json?: true }) => {
      const csv = await atNamedFile(() => readFile(file, 'utf8'));
      const isTrial = options.dryRun ?? false;
      const done = await withCommandContext((context) => takeInDomainRules(context, csv, isTrial));
      if (options.json) printJson(done);
      else
        print(
          `${isTrial ? 'Would add' : 'Added'} ${done.added}, ${isTrial ? 'change' : 'changed'} ${done.changed}, ` +
            `${isTrial ? 'skip' : 'skipped'} ${done.skipped}; follows that end: ${done.severed}.` +
            (done.unreadable.length > 0
              ? ` Lines that can be no rule: ${done.unreadable.join(', ')}.`
              : ''),
        );
    });
}
