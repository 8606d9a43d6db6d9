// `triptych feed replay`: computes a stored page of a feed again.
import { readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';

import { replaySnapshot, toReplayFile, type ReplayFile } from '../feeds/replay-snapshot.js';
import { findWholeSnapshot } from '../feeds/snapshots.queries.js';
import { parseGlobalId } from '../platform/ids.js';
import { findAlgorithm } from '../ranking/algorithms.js';
import { withCommandContext } from './command-context.js';
import { CommandLineError } from './command-line-error.js';
import { atNamedFile } from './named-file.js';
import { print } from './output.js';

/** The command; works beside a running server and without one, and with a file without any data. */
export function feedReplay(): Command {
  return new Command('replay')
    .description('Computes a stored page of a feed again and compares it bit for bit')
    .argument('<snapshot>', 'id of a snapshot, as feedsnapshot_…, or a file that --save wrote')
    .option('--save <file>', 'write input and order to a file, which replays anywhere')
    .action(async (named: string, { save }: { save?: string }) => {
      const parsed = parseGlobalId(named);
      const file =
        parsed?.kind === 'feedsnapshot' ? await fromDatabase(parsed.id) : await fromFile(named);
      if (save !== undefined) {
        const text = `${JSON.stringify(file, null, 1)}\n`;
        await atNamedFile(() => writeFile(save, text, { flag: 'wx' }));
      }
      report(file);
    });
}

async function fromDatabase(id: string): Promise<ReplayFile> {
  const found = await withCommandContext(({ database }) => findWholeSnapshot(database, id));
  if (!found)
    throw new CommandLineError('There is no such snapshot: they are kept for seven days.');
  return toReplayFile(found);
}

async function fromFile(name: string): Promise<ReplayFile> {
  if (name.startsWith('feedsnapshot_')) throw new CommandLineError(`${name} is no whole id.`);
  const text = await atNamedFile(() => readFile(name, 'utf8'));
  try {
    const file = JSON.parse(text) as ReplayFile;
    if (Array.isArray(file.input.candidates) && Array.isArray(file.entries)) return file;
  } catch {
    // falls through: not JSON is as wrong as another shape
  }
  throw new CommandLineError(`${name} is no file that --save wrote.`);
}

/** @throws {CommandLineError} if it does not come out the same */
function report(file: ReplayFile): void {
  const { algorithm, version } = file;
  if (findAlgorithm(algorithm)?.version !== version)
    throw new CommandLineError(
      `It was computed with ${algorithm} ${version}, which this version of the server does not have.`,
    );
  const { isInputIntact, isSame, firstDifference, places } = replaySnapshot(file);
  if (!isInputIntact)
    throw new CommandLineError('The input is not the one that the digest was made of.');
  if (!isSame) throw new CommandLineError(`Place ${String(firstDifference)} differs.`);
  print(`Same: ${places} places of ${algorithm} ${version}, scores included.`);
}
