// Rules 1, 3, 4 and 9: the table of slices, private folders, no re-exports, and what tests may open.
import {
  foldersWithDoors,
  mayImport,
  outsideOfSource,
  privateFolders,
  publicFolders,
  testsWithEveryKey,
} from '../law.js';
import { placeOf, violation } from '../project.js';
import type { Place, Project, Violation } from '../project.js';

/** 1. A slice imports only what its line of the table names, types included; a folder without a line is no slice. */
export function sliceTable(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) => {
    const from = placeOf(file.path)!;
    if (!mayImport[from.slice])
      return [violation('slice-table', file, 0, `${from.slice} is not a slice of the table`)];
    return file.imports.flatMap((entry) => {
      const target = project.resolve(file, entry);
      if (target === null || target.startsWith('test/')) return [];
      const problem = problemOfImport(from, target);
      return problem ? [violation('slice-table', file, entry.line, problem)] : [];
    });
  });
}

function problemOfImport(from: Place, target: string): string | null {
  const to = placeOf(target);
  if (!to) {
    const top = target.split('/')[0]!;
    const isOpen = outsideOfSource[top]?.includes(from.slice);
    return isOpen ? null : `${from.slice} may not import ${target}`;
  }
  if (!mayImport[to.slice]) return `${to.slice} is not a slice of the table`;
  return mayReach(from.slice, to.slice)
    ? null
    : `${from.slice} may not import ${to.slice} (${target})`;
}

function mayReach(from: string, to: string): boolean {
  return from === to || (mayImport[from]?.includes(to) ?? false);
}

/** 3. Private folders are entered by their own slice and by `app`; doors of the same kind may call one another. */
export function privateFoldersStayPrivate(project: Project): Violation[] {
  return project.files.flatMap((file) => {
    const from = placeOf(file.path);
    return file.imports.flatMap((entry) => {
      const target = project.resolve(file, entry);
      const to = target === null ? null : placeOf(target);
      if (
        !to ||
        !isPrivate(to) ||
        (from && mayEnter(from, to)) ||
        (!from && testMayEnter(file.path, to))
      )
        return [];
      return [
        violation(
          'private-folders',
          file,
          entry.line,
          `${to.slice}/${to.folder} is private (${target})`,
        ),
      ];
    });
  });
}

function isPrivate({ slice, folder }: Place): boolean {
  return (
    folder !== null &&
    privateFolders.includes(folder) &&
    !publicFolders.includes(`${slice}/${folder}`)
  );
}

function mayEnter(from: Place, to: Place): boolean {
  if (from.slice === to.slice || from.slice === 'app') return true;
  return (
    from.folder === to.folder &&
    foldersWithDoors.includes(to.folder!) &&
    mayReach(from.slice, to.slice)
  );
}

/** Only the slice's own tests look behind its doors, and those that check the house as a whole. */
function testMayEnter(path: string, to: Place): boolean {
  const [top, slice] = path.split('/');
  return top === 'test' && (slice === to.slice || testsWithEveryKey.includes(slice!));
}

/** 4. A name has one home: nothing is passed on. */
export function noReexports(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) =>
    file.reexports.map(({ what, line }) =>
      violation('no-reexports', file, line, `passes on ${what}: import it where it lives`),
    ),
  );
}

/** 9. What is shipped never needs its tests. */
export function sourceWithoutTests(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) =>
    file.imports
      .filter((entry) => /^(test|bench)\//.test(project.resolve(file, entry) ?? ''))
      .map((entry) =>
        violation('source-without-tests', file, entry.line, `imports ${entry.specifier}`),
      ),
  );
}
