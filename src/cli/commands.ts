/**
 * What the `triptych` command can do. A command is loaded when it is asked for: most need a small part of the server, and
 * all of it takes longer to load than most of them to run.
 */
import type { Command } from 'commander';

/** A word after `triptych`. */
export interface CommandEntry {
  readonly name: string;
  /** For `triptych --help`. */
  readonly description: string;
  /** Its verbs, or itself where there are none. */
  readonly load: () => Promise<Command | readonly Command[]>;
}

/** In the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'admin',
    description: 'Accounts of the staff',
    load: async () => [(await import('./admin-create.js')).adminCreate()],
  },
  {
    name: 'config',
    description: 'The configuration of this server',
    load: async () => [
      (await import('./config-check.js')).configCheck(),
      (await import('./config-explain.js')).configExplain(),
    ],
  },
  {
    name: 'backup',
    description: 'Backups of rows, jobs, server key and media',
    load: async () => [
      (await import('./backup-create.js')).backupCreate(),
      (await import('./backup-verify.js')).backupVerify(),
      (await import('./backup-restore.js')).backupRestore(),
    ],
  },
  {
    name: 'domains',
    description: 'Rules about other servers',
    load: async () => [
      (await import('./domains-import.js')).domainsImport(),
      (await import('./domains-export.js')).domainsExport(),
    ],
  },
  {
    name: 'emoji',
    description: 'Custom emoji',
    load: async () => [
      (await import('./emoji-import.js')).emojiImport(),
      (await import('./emoji-export.js')).emojiExport(),
    ],
  },
  {
    name: 'feed',
    description: 'Feeds and how they are made',
    load: async () => [
      (await import('./feed-explain.js')).feedExplain(),
      (await import('./feed-replay.js')).feedReplay(),
    ],
  },
  {
    name: 'keys',
    description: 'Keys with which this server signs',
    load: async () => [(await import('./keys-rotate.js')).keysRotate()],
  },
  {
    name: 'key-logs',
    description: 'Logs of keys of other servers',
    load: async () => [
      (await import('./key-logs-list.js')).keyLogsList(),
      (await import('./key-logs-forget.js')).keyLogsForget(),
    ],
  },
  {
    name: 'storage',
    description: 'Where media are kept',
    load: async () => [(await import('./storage-move.js')).storageMove()],
  },
  {
    name: 'token',
    description: 'Personal access tokens',
    load: async () => [
      (await import('./token-create.js')).tokenCreate(),
      (await import('./token-scopes.js')).tokenScopes(),
    ],
  },
  {
    name: 'doctor',
    description: 'Checks configuration, key, database, storage, tools and backups',
    load: async () => (await import('./doctor.js')).doctor(),
  },
  {
    name: 'seed',
    description:
      'Fills an empty server with a made-up world for developers; its tokens are public knowledge',
    load: async () => (await import('./seed.js')).seed(),
  },
];
