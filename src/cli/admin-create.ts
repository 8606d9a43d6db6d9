// `triptych admin create`: the first account of the staff, or another one.
import { Command, InvalidArgumentError } from 'commander';

import { createStaffAccount } from '../accounts/create-staff-account.js';
import type { StaffRole } from '../accounts/create-staff-account.js';
import { toGlobalId } from '../platform/ids.js';
import { withCommandContext } from './command-context.js';
import { newPassword } from './new-password.js';
import { print, printJson } from './output.js';

interface Options {
  username: string;
  email: string;
  password?: string;
  role?: StaffRole;
  json?: true;
}

const ROLES: readonly StaffRole[] = ['CURATOR', 'MODERATOR', 'ADMIN', 'OWNER'];

function readRole(text: string): StaffRole {
  const role = ROLES.find((known) => known === text.toUpperCase());
  if (role === undefined) throw new InvalidArgumentError(`Must be one of ${ROLES.join(', ')}.`);
  return role;
}

/** The command; works beside a running server and without one. */
export function adminCreate(): Command {
  return new Command('create')
    .description('Makes an account of the staff that can sign in at once')
    .requiredOption('--username <username>', 'name on this server')
    .requiredOption('--email <address>', 'e-mail address, taken as proven')
    .option(
      '--password <password>',
      '`-` reads a line from standard input; left out: asked for, or made up without a terminal',
    )
    .option('--role <role>', 'OWNER if there is none yet, else ADMIN, unless given', readRole)
    .option('--json', 'answer as JSON')
    .action(async ({ username, email, password: given, role = undefined, json }: Options) => {
      const { password, isGenerated } = await newPassword(given);
      const created = await withCommandContext((context) =>
        createStaffAccount(context, { username, email, password, role: role ?? null }),
      );
      if (json) {
        printJson({
          accountId: toGlobalId('account', created.accountId),
          actorId: toGlobalId('actor', created.actorId),
          role: created.role,
          password: isGenerated ? password : null,
        });
        return;
      }
      print(`Made the account ${username.toLowerCase()} with the role ${created.role}.`);
      if (isGenerated) print(`Password (shown this once): ${password}`);
    });
}
