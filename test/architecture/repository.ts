// Reads this repository: the files that git tracks, wherever the clone lies.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's directory. Compiled tests lie in dist/test/architecture. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** Paths that git tracks or would track, from the root, as far as they exist. */
export function trackedFiles(): string[] {
  const listing = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return listing.split('\0').filter((file) => file !== '' && existsSync(path.join(root, file)));
}

/** Text of a tracked file. */
export function readTracked(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** Every TypeScript source of the server, its tests, migrations and benchmarks. */
export function readSources(): Map<string, string> {
  const sources = trackedFiles().filter((file) =>
    /^(?:src|test|migrations|bench)\/.*\.ts$/.test(file),
  );
  return new Map(sources.map((file) => [file, readTracked(file)]));
}
