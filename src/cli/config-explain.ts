// `triptych config explain`: what a variable means and what it is set to here.
import { Command } from 'commander';

import { processEnvironment } from '../platform/config/environment.js';
import { referencePage, shownDefault } from '../platform/config/reference-page.js';
import { closestName } from '../platform/config/unknown-variables.js';
import type { Variable } from '../platform/config/variable.js';
import { variables } from '../platform/config/variables.js';
import { columns, complain, print, printJson } from './output.js';

interface Explanation {
  name: string;
  description: string;
  rule: string;
  unit: string | null;
  default: string;
  /** As set here, masked if secret; null: not set. */
  value: string | null;
  secret: boolean;
  takesEffect: string;
}

function explain(name: string, variable: Variable<unknown>): Explanation {
  const value = processEnvironment()[name]?.trim() || null;
  return {
    name,
    description: variable.description,
    rule: `must be ${variable.rule.text}`,
    unit: variable.unit ?? null,
    default: shownDefault(variable),
    value: value !== null && variable.secret ? '********' : value,
    secret: variable.secret,
    takesEffect: variable.takesEffect,
  };
}

function page(explanation: Explanation): string {
  return columns([
    [explanation.name, explanation.description],
    ['', `It ${explanation.rule}.`],
    ...(explanation.unit === null ? [] : [['unit', explanation.unit]]),
    ['default', explanation.default],
    ['here', explanation.value ?? 'not set'],
    [
      'changes',
      explanation.takesEffect === 'restart'
        ? 'take effect at the next start'
        : 'are refused after the first start',
    ],
  ]);
}

/** Explains one variable, or lists all with their values here. */
export function configExplain(): Command {
  return new Command('explain')
    .description('Explains one variable, or lists all of them')
    .argument('[name]', 'name of a variable, such as PUBLIC_URL')
    .option('--json', 'answer as JSON')
    .option('--markdown', 'print the reference page')
    .action((name: string | undefined, { json, markdown }: { json?: true; markdown?: true }) => {
      if (markdown) return print(referencePage().trimEnd());
      const rows = Object.entries<Variable<unknown>>(variables).map(([known, variable]) =>
        explain(known, variable),
      );
      if (name === undefined) {
        return json
          ? printJson(rows)
          : print(columns(rows.map((row) => [row.name, row.value ?? `(${row.default})`])));
      }
      const row = rows.find((known) => known.name === name.toUpperCase());
      if (row) return json ? printJson(row) : print(page(row));
      const suggestion = closestName(name.toUpperCase());
      complain(
        `There is no variable ${name}${suggestion === null ? '; `triptych config explain` lists all' : `; did you mean ${suggestion}?`}`,
      );
    });
}
