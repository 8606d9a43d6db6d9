// `triptych emoji export`: all custom emoji in one file that this and other servers read.
import { access } from 'node:fs/promises';
import { Command } from 'commander';

import { exportEmojis } from '../emojis/export-emojis.js';
import { withCommandContext } from './command-context.js';
import { CommandLineError } from './command-line-error.js';
import { print, printJson } from './output.js';

async function requireNew(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new CommandLineError(`${file} is there already.`);
}

/** The command; works beside a running server and without one. */
export function emojiExport(): Command {
  return new Command('export')
    .description('Writes all custom emoji into a gzipped tar file with a meta.json')
    .argument('<file>', 'where to, such as emoji.tar.gz; it must not be there')
    .option('--json', 'answer as JSON')
    .action(async (file: string, options: { json?: true }) => {
      await requireNew(file);
      const count = await withCommandContext((context) => exportEmojis(context, file));
      if (options.json) printJson({ file, count });
      else print(`Wrote ${count} emoji to ${file}.`);
    });
}
