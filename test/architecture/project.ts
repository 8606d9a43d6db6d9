// All sources together, and where an import leads.
import path from 'node:path';
import type { Import } from './parse/module.js';
import { readSourceFile } from './parse/source-file.js';
import type { SourceFile } from './parse/source-file.js';

/** A broken rule, at a place. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
  /** Counted from 1; 0 = the file as a whole. */
  readonly line: number;
  readonly message: string;
}

/** A rule looks at everything and names what breaks it. */
export type Rule = (project: Project) => Violation[];

/** Where a file stands in the house. */
export interface Place {
  /** Folder below src, or `main` for the files directly in it. */
  readonly slice: string;
  /** Folder below the slice's own, or null for its top-level files. */
  readonly folder: string | null;
}

/** The sources under check. */
export class Project {
  readonly files: readonly SourceFile[];
  private readonly paths: ReadonlySet<string>;

  /** @param sources path from the repository's root → text */
  constructor(sources: ReadonlyMap<string, string>) {
    this.files = [...sources].map(([file, text]) => readSourceFile(file, text));
    this.paths = new Set(sources.keys());
  }

  /** Files of the server itself, without tests and migrations. */
  get sourceFiles(): readonly SourceFile[] {
    return this.files.filter((file) => file.path.startsWith('src/'));
  }

  /** The file a relative import means, as a path from the root; null for packages. */
  resolve(from: SourceFile, { specifier }: Import): string | null {
    if (!specifier.startsWith('.')) return null;
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(from.path), specifier));
    const asSource = target.replace(/\.js$/, '.ts');
    return this.paths.has(asSource) ? asSource : target;
  }
}

/** Where a path of the repository stands; null outside of src. */
export function placeOf(file: string): Place | null {
  const [top, slice, folder, ...rest] = file.split('/');
  if (top !== 'src' || !slice) return null;
  if (folder === undefined) return { slice: 'main', folder: null };
  return { slice, folder: rest.length > 0 ? folder : null };
}

/** A violation at a mark of a file. */
export function violation(
  rule: string,
  file: SourceFile,
  line: number,
  message: string,
): Violation {
  return { rule, path: file.path, line, message };
}
