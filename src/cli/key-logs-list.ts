// `triptych key-logs list`: what is known of the logs of keys of other servers.
import { Command } from 'commander';

import { listKeyLogs } from '../devices/remote-key-logs.queries.js';
import { withCommandContext } from './command-context.js';
import { columns, print, printJson } from './output.js';

/** The command; works beside a running server and without one. */
export function keyLogsList(): Command {
  return new Command('list')
    .description('Shows the logs of other servers, those that do not fit first')
    .option('--json', 'answer as JSON, with the signed heads that prove it')
    .action(async ({ json }: { readonly json?: true }) => {
      const logs = await withCommandContext(({ database }) => listKeyLogs(database));
      if (json) return printJson(logs);
      const rows = logs.map(({ origin, head, contradictions }) => [
        origin,
        head ? `${head.treeSize} entries` : 'never found right',
        [...new Set(contradictions.map(({ kind }) => kind))].join(', ') || 'fits',
      ]);
      print(rows.length > 0 ? columns(rows) : 'No log is known.');
    });
}
