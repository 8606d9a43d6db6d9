// The facts about one TypeScript source that the rules look at. Knows the language, no rule.
import { parseSync } from 'oxc-parser';
import type { Comment } from 'oxc-parser';
import { readExpressions } from './expressions.js';
import type { ExpressionFacts } from './expressions.js';
import { lineFinder } from './line-finder.js';
import type { Mark } from './line-finder.js';
import { readModule } from './module.js';
import type { ModuleFacts } from './module.js';

/** Facts about one source file. */
export interface SourceFile extends ModuleFacts, ExpressionFacts {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly parseErrors: readonly string[];
  readonly comments: readonly Mark[];
  /** Length of the comment that opens the file; 0 when there is none. */
  readonly headCommentLines: number;
}

/** Parses `source` and collects its facts; bad syntax does not throw, `parseErrors` reports it. */
export function readSourceFile(path: string, source: string): SourceFile {
  const { program, comments, errors } = parseSync(path, source);
  const lineOf = lineFinder(source);
  return {
    path,
    parseErrors: errors.map((error) => error.message),
    ...readModule(program, source, comments, lineOf),
    ...readExpressions(program, lineOf),
    comments: comments.map((comment) => ({ what: comment.value, line: lineOf(comment.start) })),
    headCommentLines: headCommentLines(source, comments),
  };
}

/** Line comments that follow one another count as one comment. */
function headCommentLines(source: string, comments: readonly Comment[]): number {
  const begin = /^#!.*\n/.exec(source)?.[0].length ?? 0;
  let end = begin;
  for (const comment of comments) {
    const gap = source.slice(end, comment.start);
    if (comment.start < begin || gap.trim() !== '' || gap.includes('\n\n')) break;
    end = comment.end;
    if (comment.type === 'Block') break;
  }
  return end === begin ? 0 : source.slice(begin, end).trim().split('\n').length;
}
