// `triptych storage move`: brings every object to the storage that the configuration names, while the server runs.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { openOne } from '../app/open-storage.js';
import { loadConfig, type Config, type StorageConfig } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import { makeDirectory } from '../platform/make-directory.js';
import { isStorageOutage } from '../platform/storage/storage-error.js';
import { CommandLineError } from './command-line-error.js';
import { complain, print, printJson } from './output.js';
import { openLedger } from './storage/ledger.js';
import { moveObjects, planMove, type Outcome, type Progress } from './storage/move-objects.js';

const HOW = `Nothing says from where. Set STORAGE to the new storage and STORAGE_PREVIOUS to the one of today, restart the server, and run this again with the same settings: the server keeps new media in the new one and reads the others where they are. Between two buckets, S3_PREVIOUS_BUCKET and its neighbours name the one of today; between two directories, STORAGE_PREVIOUS_DIR does.`;
const REPORT_MS = 2_000;

interface Options {
  readonly dryRun?: true;
  readonly deleteOriginals?: true;
  readonly json?: true;
}

/** The command. */
export function storageMove(): Command {
  return new Command('move')
    .description('Brings all media from STORAGE_PREVIOUS to STORAGE, also while the server runs')
    .option('--dry-run', 'say what there is to do, and do nothing')
    .option(
      '--delete-originals',
      'remove what was moved from STORAGE_PREVIOUS, once all of it has been verified',
    )
    .option('--json', 'answer as JSON')
    .action(async (options: Options) => {
      const config = loadConfig(processEnvironment());
      const { storage, previousStorage } = config;
      if (previousStorage === null) throw new CommandLineError(HOW);
      const from = await openOne(previousStorage);
      const to = await openOne(storage, { isFlushed: true });
      await from.check();
      await to.check();
      if (options.dryRun) {
        const plan = await planMove({ from, to });
        if (options.json) printJson(plan);
        else
          print(
            `${plan.objects} objects with ${plan.bytes} bytes are in ${nameOf(previousStorage)}; ${plan.there} of them are in ${nameOf(storage)}, too, by name and size. Nothing was moved.`,
          );
        return;
      }
      await run(config, { from, to, storage, previousStorage }, options);
    });
}

type Ends = Pick<Parameters<typeof moveObjects>[0], 'from' | 'to'> & {
  readonly storage: StorageConfig;
  readonly previousStorage: StorageConfig;
};

async function run(config: Config, ends: Ends, options: Options): Promise<void> {
  const { from, to, storage, previousStorage } = ends;
  const directory = path.join(config.dataDirectory, 'storage-move');
  const parts = path.join(directory, `parts-${process.pid}`);
  await removeLeft(directory);
  await makeDirectory(parts);
  const names = [nameOf(previousStorage), nameOf(storage)] as const;
  await using ledger = await openLedger(directory, names.join(' > '));
  const reporter = reportEvery(REPORT_MS);
  try {
    const move = { from, to, directory: parts, ledger, onProgress: reporter };
    const outcome = await moveObjects(move, options.deleteOriginals === true);
    if (outcome.failures.length > 0) process.exitCode = 1;
    if (options.json) printJson(outcome);
    else tell(outcome, names, options.deleteOriginals === true);
  } catch (error) {
    if (!isStorageOutage(error)) throw error;
    complain(`${(error as Error).message} What was moved is kept: run this again to go on.`);
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

/** What a run left that was killed. */
async function removeLeft(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = /^parts-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(path.join(directory, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function nameOf(storage: StorageConfig): string {
  if (storage.kind === 'filesystem') return storage.directory;
  const { endpoint, region, bucket } = storage;
  return `the bucket ${bucket} at ${endpoint?.host ?? region}`;
}

function reportEvery(ms: number): (progress: Progress) => void {
  let next = Date.now() + ms;
  return ({ done, total, bytes }) => {
    if (Date.now() < next) return;
    next = Date.now() + ms;
    process.stderr.write(`${done} of ${total} objects, ${bytes} bytes\n`);
  };
}

function tell(
  { objects, bytes, earlier, vanished, removed, left, failures }: Outcome,
  [from, to]: readonly [string, string],
  removes: boolean,
): void {
  print(
    `Moved ${objects} objects with ${bytes} bytes from ${from} to ${to}, and compared their SHA-256.`,
  );
  if (earlier > 0) print(`${earlier} had been moved and compared by an earlier run.`);
  if (vanished > 0) print(`${vanished} were deleted meanwhile.`);
  for (const { key, reason } of failures) complain(`${key} was not moved: ${reason}`);
  if (failures.length > 0) {
    complain(
      `${failures.length} objects were not moved, and no original was removed. Run this again.`,
    );
    return;
  }
  if (removes) print(`Removed ${removed} objects from ${from}.`);
  if (left > 0)
    print(
      `${left} came there after this run had begun, from a server that was not restarted. Restart it, and run this again.`,
    );
  else
    print(
      removes
        ? 'Take STORAGE_PREVIOUS out of the settings, and restart the server.'
        : `The originals are still in ${from}: --delete-originals removes them. STORAGE_PREVIOUS is not needed any more.`,
    );
}
