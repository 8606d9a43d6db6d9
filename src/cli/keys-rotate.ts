// `triptych keys rotate`: new keys for what is said to other servers.
import { Command } from 'commander';

import { findActorByHandle } from '../actors/actor.queries.js';
import { eachKeyOwner, rotateKeys } from '../federation/rotate-keys.js';
import { serverAsOwner, type KeyOwner } from '../federation/signing-keys.js';
import type { CommandContext } from '../platform/context.js';
import { withCommandContext } from './command-context.js';
import { CommandLineError } from './command-line-error.js';
import { print, printJson } from './output.js';

interface Options {
  readonly username?: string;
  readonly server?: true;
  readonly all?: true;
  readonly revoke?: true;
  readonly json?: true;
}

async function* chosen(
  context: CommandContext,
  { username, server, all }: Options,
): AsyncGenerator<KeyOwner> {
  if (all) yield* eachKeyOwner(context.database);
  if (server) yield serverAsOwner(context);
  if (username === undefined) return;
  const actor = await findActorByHandle(context.database, username, null);
  if (!actor) throw new CommandLineError(`There is no account ${username}.`);
  yield { uri: actor.uri, actorId: actor.id };
}

async function rotate(context: CommandContext, options: Options): Promise<number> {
  const choices = [options.username, options.server, options.all];
  if (choices.filter((choice) => choice !== undefined).length !== 1)
    throw new CommandLineError('Say whose: --username <username>, --server or --all.');
  let count = 0;
  for await (const owner of chosen(context, options))
    if (await rotateKeys(context, owner, { isRevoking: options.revoke === true })) count += 1;
  return count;
}

/** The command; works beside a running server and without one. */
export function keysRotate(): Command {
  return new Command('rotate')
    .description('Replaces keys; the servers of followers are told')
    .option('--username <username>', 'those of an account')
    .option('--server', 'that of the server itself')
    .option('--all', 'those of everybody here, and of the server')
    .option(
      '--revoke',
      'somebody else may have them: what they signed counts no longer, and others learn of the new ones only when they ask',
    )
    .option('--json', 'answer as JSON')
    .action(async (options: Options) => {
      const rotated = await withCommandContext((context) => rotate(context, options));
      if (options.json) printJson({ rotated });
      else print(`Replaced the keys of ${rotated}.`);
    });
}
