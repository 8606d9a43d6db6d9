// `triptych emoji import`: takes in the custom emoji of an archive of this or another server.
import { access, constants } from 'node:fs/promises';
import { Command } from 'commander';

import { openImages } from '../app/open-images.js';
import { importEmojis, type ImportChoices, type ImportedEntry } from '../emojis/import-emojis.js';
import { createStorePicture } from '../media/store-picture.js';
import type { CommandContext } from '../platform/context.js';
import { withCommandContext } from './command-context.js';
import { atNamedFile } from './named-file.js';
import { complain, print, printJson } from './output.js';

interface Options {
  category?: string;
  replace?: true;
  json?: true;
}

async function takeIn(
  context: CommandContext,
  file: string,
  choices: ImportChoices,
  onEntry: (entry: ImportedEntry) => void,
): Promise<ImportedEntry[]> {
  await using images = await openImages(context.config, context.log);
  const entries: ImportedEntry[] = [];
  for await (const entry of importEmojis(context, createStorePicture(images), file, choices)) {
    onEntry(entry);
    entries.push(entry);
  }
  return entries;
}

function tell({ fileName, shortcode, outcome, reason }: ImportedEntry): void {
  const name = shortcode === null ? fileName : `:${shortcode}:`;
  print(`${outcome.toLowerCase().padEnd(8)}  ${name}${reason === null ? '' : `  ${reason}`}`);
}

/** The command; works beside a running server and without one. */
export function emojiImport(): Command {
  return new Command('import')
    .description(
      'Takes in the custom emoji of an archive, with a meta.json or named by their files',
    )
    .argument('<file>', 'a tar, tar.gz or zip file')
    .option('--category <category>', 'put them all under this heading')
    .option('--replace', 'give emoji of the same shortcode the new picture; otherwise they stay')
    .option('--json', 'answer as JSON')
    .action(async (file: string, { category, replace, json }: Options) => {
      await atNamedFile(() => access(file, constants.R_OK));
      const choices = { category, replaces: replace ?? false };
      const entries = await withCommandContext((context) =>
        takeIn(context, file, choices, json ? () => undefined : tell),
      );
      if (json) printJson(entries);
      const refused = entries.filter(({ outcome }) => outcome === 'REFUSED').length;
      if (refused > 0) complain(`${refused} of ${entries.length} files were refused.`);
      else if (!json) print(`${entries.length} files, none refused.`);
    });
}
