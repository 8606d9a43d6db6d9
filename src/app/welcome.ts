/** What a person who starts the server sees: where it is, where to try it, how to become its admin. */
import { mintSetupToken } from '../accounts/first-admin.js';
import type { StartedProcess } from './start.js';

/** Prints the addresses, and the one-time token of the first admin while there is none. */
export async function welcome(
  started: StartedProcess,
  print: (text: string) => void,
): Promise<void> {
  const { config } = started.services;
  if (config.role === 'worker') return;
  const origin = config.publicUrl.href.replace(/\/$/, '');
  print(`\n  Triptych is ready at ${origin}\n  GraphQL  ${origin}/graphql\n`);
  if (config.graphql.graphiql) print(`  GraphiQL ${origin}/graphiql\n`);
  const setupToken = await mintSetupToken(started.services);
  if (setupToken !== null) {
    print('\n  This server has no owner yet. Within 24 hours, register with\n');
    print(`  setupToken: "${setupToken}"\n`);
  }
  print('\n');
}
