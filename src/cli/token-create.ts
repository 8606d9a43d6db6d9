// `triptych token create`: a personal access token for an account of this server.
import { Command, InvalidArgumentError } from 'commander';

import { findByLogin, readLogin } from '../accounts/accounts.queries.js';
import { issuePersonalToken } from '../accounts/issue-personal-token.js';
import type { IssuedPersonalToken } from '../accounts/issue-personal-token.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { toGlobalId } from '../platform/ids.js';
import { withCommandContext } from './command-context.js';
import { CommandLineError } from './command-line-error.js';
import { print, printJson } from './output.js';

interface Options {
  username: string;
  name: string;
  scopes: string[];
  /** Days. */
  expires: number | 'never';
  json?: true;
}

const DEFAULT_DAYS = 90;
const LONGEST_DAYS = 3650;
const DAY_SECONDS = 86_400;

function readScopes(text: string): string[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== '');
}

function readDays(text: string): number | 'never' {
  if (text === 'never') return text;
  const days = Number(/^(\d+)d?$/.exec(text)?.[1]);
  if (days >= 1 && days <= LONGEST_DAYS) return days;
  throw new InvalidArgumentError(
    `Must be a number of days such as 90d, at most ${LONGEST_DAYS}d, or never.`,
  );
}

async function issue(
  context: CommandContext,
  { username, name, scopes, expires }: Options,
): Promise<IssuedPersonalToken & { expiresAt: Date | null }> {
  const account = await findByLogin(context.database, {
    ...readLogin(username, context.config.publicUrl.host),
    email: '',
  });
  if (account === null) throw new CommandLineError(`There is no account ${username}.`);
  if (account.state !== 'ACTIVE') {
    throw new CommandLineError(
      `The account ${username} is not active, so that no token of it would work.`,
    );
  }
  const expiresAt =
    expires === 'never' ? null : addSeconds(context.clock.now(), expires * DAY_SECONDS);
  const issued = await context.database.transaction((tx) =>
    issuePersonalToken(context, tx, account, { name, scopes, expiresAt }),
  );
  return { ...issued, expiresAt };
}

/** The command; works beside a running server and without one. */
export function tokenCreate(): Command {
  return new Command('create')
    .description('Makes a personal access token for an account')
    .requiredOption('--username <username>', 'whose token')
    .requiredOption('--scopes <scopes>', 'what it may do, such as read,write:posts', readScopes)
    .option(
      '--name <name>',
      'what the person sees in the list of tokens',
      'made on the command line',
    )
    .option('--expires <days>', 'days until it ends, such as 90d, or never', readDays, DEFAULT_DAYS)
    .option('--json', 'answer as JSON')
    .action(async (options: Options) => {
      const { tokenId, token, expiresAt } = await withCommandContext((context) =>
        issue(context, options),
      );
      if (options.json) {
        printJson({ id: toGlobalId('token', tokenId), token, scopes: options.scopes, expiresAt });
        return;
      }
      print(token);
      process.stderr.write(
        `Shown this once. It ${expiresAt === null ? 'works until it is revoked' : `ends at ${expiresAt.toISOString()}`}.\n`,
      );
    });
}
