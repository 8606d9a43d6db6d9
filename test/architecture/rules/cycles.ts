// Rule 2: no cycle of value imports between files. Types may point at one another, as they are gone at run time.
import { violation } from '../project.js';
import type { Project, Violation } from '../project.js';
import type { SourceFile } from '../parse/source-file.js';

/** 2. Files that import each other's values can't be loaded in any order. Reports each knot once. */
export function noCycles(project: Project): Violation[] {
  const files = new Map(project.files.map((file) => [file.path, file]));
  const neighbours = (file: SourceFile) =>
    file.imports
      .filter((entry) => !entry.isType)
      .flatMap((entry) => files.get(project.resolve(file, entry) ?? '') ?? []);
  const done = new Set<SourceFile>();
  const trail: SourceFile[] = [];
  const found: Violation[] = [];
  const visit = (file: SourceFile): void => {
    if (done.has(file)) return;
    const start = trail.indexOf(file);
    if (start >= 0) {
      const knot = [...trail.slice(start), file].map(({ path }) => path);
      found.push(violation('no-cycles', file, 0, knot.join(' → ')));
      return;
    }
    trail.push(file);
    neighbours(file).forEach(visit);
    trail.pop();
    done.add(file);
  };
  project.files.forEach(visit);
  return found;
}
