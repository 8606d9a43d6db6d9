// The reference page of all variables, generated from the table.
import type { Variable } from './variable.js';
import { sections } from './variables.js';

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The default as shown to people: the text, or what happens without one. */
export function shownDefault(variable: Variable<unknown>): string {
  return variable.default ?? variable.defaultText ?? 'none';
}

function row(name: string, variable: Variable<unknown>): string {
  const standard = variable.default === null ? shownDefault(variable) : `\`${variable.default}\``;
  const notes = [
    variable.unit === undefined ? '' : `In ${variable.unit}.`,
    variable.secret ? '**Secret.**' : '',
    variable.takesEffect === 'first start' ? '**Fixed at the first start.**' : '',
  ].filter((note) => note !== '');
  const meaning = [variable.description, `Must be ${variable.rule.text}.`, ...notes].join(' ');
  return `| \`${name}\` | ${cell(standard)} | ${cell(meaning)} |`;
}

/** The whole page in Markdown, ending in a line feed; the same at every call. */
export function referencePage(): string {
  const parts = sections.map(({ title, variables }) =>
    [
      `## ${title}`,
      '',
      '| Variable | Default | Meaning |',
      '|---|---|---|',
      ...Object.entries(variables).map(([name, variable]) => row(name, variable)),
    ].join('\n'),
  );
  return [
    '# Configuration',
    '',
    'The server and the `triptych` command are configured by environment variables, also from a file `.env` in the directory where they are started; the environment wins over the file. An empty variable counts as not set. An invalid value, and a name that looks like one of these but is not, stops the start with a list of everything that is wrong. A change takes effect at the next start.',
    '',
    'This page is generated: `triptych config explain --markdown > src/CONFIGURATION.md`.',
    '',
    parts.join('\n\n'),
    '',
  ].join('\n');
}
