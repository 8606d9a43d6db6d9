// `triptych token scopes`: what a token can be allowed.
import { Command } from 'commander';

import { SCOPES } from '../platform/scopes.js';
import { columns, print, printJson } from './output.js';

/** The command; needs neither configuration nor data. */
export function tokenScopes(): Command {
  return new Command('scopes')
    .description('Lists every scope with what it allows')
    .option('--json', 'answer as JSON')
    .option('--markdown', 'print the reference page')
    .action(({ json, markdown }: { json?: true; markdown?: true }) => {
      if (markdown) return print(scopesPage().trimEnd());
      return json ? printJson(SCOPES) : print(columns(Object.entries(SCOPES)));
    });
}

/** The page of all scopes in Markdown, ending in a line feed. */
export function scopesPage(): string {
  return [
    '# Scopes',
    '',
    'What a token may do. Each field of the schema that needs one names it in `@requiresScope`. `read`, `write`, `admin:read`',
    'and `admin:write` include the scopes below them; no scope gives more than the role of the account does.',
    '',
    'This page is generated: `triptych token scopes --markdown > src/SCOPES.md`.',
    '',
    '| Scope | Allows to |',
    '|---|---|',
    ...Object.entries(SCOPES).map(([name, sentence]) => `| \`${name}\` | ${sentence} |`),
    '',
  ].join('\n');
}
