// `triptych key-logs forget`: believing the log of keys of another server anew.
import { Command } from 'commander';

import { forgetKeyLog } from '../devices/remote-key-logs.queries.js';
import { withCommandContext } from './command-context.js';
import { CommandLineError } from './command-line-error.js';
import { print } from './output.js';

/** The command; works beside a running server and without one. */
export function keyLogsForget(): Command {
  return new Command('forget')
    .description(
      'Forgets what is known of a log, and what did not fit: for a server that has lost its log and says so. The devices of people decide for themselves',
    )
    .argument('<origin>', 'such as https://photos.example')
    .action(async (given: string) => {
      const origin = URL.parse(given)?.origin;
      const isForgotten =
        origin !== undefined &&
        (await withCommandContext(({ database }) => forgetKeyLog(database, origin)));
      if (!isForgotten) throw new CommandLineError(`Nothing is known of a log of ${given}.`);
      print(`The next log that ${origin} shows is believed.`);
    });
}
