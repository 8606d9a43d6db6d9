// All rules in one list. Pure: a map of sources in, violations out.
import { Project } from './project.js';
import type { Rule, Violation } from './project.js';
import { docComments, headComments, noBlindCasts, noLeftOvers, parses } from './rules/comments.js';
import { noCycles } from './rules/cycles.js';
import {
  homesOfDefinitions,
  homesOfGlobalNames,
  homesOfPackages,
  noEntityManagerAtTheEdge,
  relationsPointDown,
} from './rules/homes.js';
import {
  noReexports,
  privateFoldersStayPrivate,
  sliceTable,
  sourceWithoutTests,
} from './rules/imports.js';
import { fileNames, statementNames, testNames, words } from './rules/names.js';

/** Every rule, by the name that its violations carry. */
export const rules: Readonly<Record<string, Rule>> = {
  parses,
  'slice-table': sliceTable,
  'no-cycles': noCycles,
  'private-folders': privateFoldersStayPrivate,
  'no-reexports': noReexports,
  'package-homes': homesOfPackages,
  'global-homes': homesOfGlobalNames,
  'no-entity-manager': noEntityManagerAtTheEdge,
  'definition-homes': homesOfDefinitions,
  relations: relationsPointDown,
  'source-without-tests': sourceWithoutTests,
  'file-names': fileNames,
  words,
  'head-comments': headComments,
  'doc-comments': docComments,
  'test-names': testNames,
  'statement-names': statementNames,
  'no-left-overs': noLeftOvers,
  'no-blind-casts': noBlindCasts,
};

/** Runs every rule over sources, given as path from the repository's root → text. */
export function checkArchitecture(sources: ReadonlyMap<string, string>): Violation[] {
  const project = new Project(sources);
  return Object.values(rules).flatMap((rule) => rule(project));
}

/** One line per violation, as editors and people like it. */
export function describeViolation({ rule, path, line, message }: Violation): string {
  return `${path}${line > 0 ? `:${line}` : ''} [${rule}] ${message}`;
}
