// What comments must say and must not say, and casts that silence the compiler.
import { violation } from '../project.js';
import type { Project, Violation } from '../project.js';

const longestHead = 8;
const leftOver = /\b(?:TODO|FIXME|XXX|HACK)\b/;
const workplace = /\b(?:issue|pull request|PR) #?\d+\b/i;

/** Every source begins with a comment that says what law lives in it, briefly. */
export function headComments(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) => {
    if (file.headCommentLines === 0)
      return [violation('head-comments', file, 1, 'begins without a comment')];
    return file.headCommentLines > longestHead
      ? [violation('head-comments', file, 1, `the head comment has more than ${longestHead} lines`)]
      : [];
  });
}

/** Every export has a doc comment. */
export function docComments(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) =>
    file.exports
      .filter((entry) => !entry.hasDocComment)
      .map(({ name, line }) => violation('doc-comments', file, line, `${name} has no doc comment`)),
  );
}

/** Work left over goes into the tracker, and the tracker stays out of the code. */
export function noLeftOvers(project: Project): Violation[] {
  return project.files.flatMap((file) =>
    file.comments
      .filter(({ what }) => leftOver.test(what) || workplace.test(what))
      .map(({ line }) =>
        violation('no-left-overs', file, line, 'the comment belongs into the tracker'),
      ),
  );
}

/** The compiler is asked, not told. */
export function noBlindCasts(project: Project): Violation[] {
  return project.sourceFiles.flatMap((file) =>
    file.blindCasts.map(({ what, line }) => violation('no-blind-casts', file, line, what)),
  );
}

/** A file that can't be parsed can't be checked. */
export function parses(project: Project): Violation[] {
  return project.files.flatMap((file) =>
    file.parseErrors.map((message) => violation('parses', file, 0, message)),
  );
}
