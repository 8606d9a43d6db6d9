// The law of the house as data: who may import whom, where packages live, which names are taken. Rules read it; to
// change the law, change it here and in src/ARCHITECTURE.md, in the same commit as the reason.

const posts = ['posts', 'emojis', 'places', 'accounts', 'actors', 'media', 'platform'];
const formats = ['photos', 'videos', 'sounds', 'stories', 'collections'];
const moderation = ['chat', 'devices', 'mls', 'starterpacks', ...formats, ...posts];
const everySlice = [
  'federation',
  'pages',
  'moderation',
  'portability',
  'playback',
  'retention',
  'timelines',
  'filters',
  'feeds',
  'ranking',
  'search',
  'notifications',
  ...moderation,
];

/** What each slice may import besides itself. `main` stands for the files directly in src. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  media: ['platform'],
  actors: ['media', 'platform'],
  accounts: ['actors', 'media', 'platform'],
  filters: ['accounts', 'actors', 'platform'],
  places: ['platform'],
  emojis: ['accounts', 'actors', 'media', 'platform'],
  posts: ['filters', 'emojis', 'places', 'accounts', 'actors', 'media', 'platform'],
  photos: posts,
  videos: posts,
  sounds: ['videos', ...posts],
  playback: ['videos', ...posts],
  stories: posts,
  collections: ['videos', ...posts],
  timelines: ['posts', 'filters', 'places', 'accounts', 'actors', 'platform'],
  search: ['collections', ...posts],
  ranking: [],
  feeds: [
    'ranking',
    'playback',
    'search',
    'timelines',
    'filters',
    'collections',
    'sounds',
    'videos',
    ...posts,
  ],
  starterpacks: ['timelines', ...posts],
  notifications: ['starterpacks', 'stories', ...posts],
  mls: ['platform'],
  devices: ['mls', ...posts],
  chat: ['devices', 'mls', ...posts],
  retention: ['stories', ...posts],
  moderation,
  portability: ['feeds', 'retention', 'notifications', 'timelines', ...moderation],
  federation: ['playback', 'moderation', ...moderation],
  pages: ['moderation', ...moderation],
  app: everySlice,
  cli: ['app', ...everySlice],
  main: ['app', 'cli', ...everySlice],
};

/** Folders of a slice that only the slice itself and `app` may enter. */
export const privateFolders: readonly string[] = ['graphql', 'http', 'jobs', 'internal'];

/** Private folders between which the table holds: `x/graphql` may import `y/graphql` when x may import y. */
export const foldersWithDoors: readonly string[] = ['graphql', 'http'];

/** Folders that everybody may enter although their name is that of a private folder. */
export const publicFolders: readonly string[] = ['platform/jobs'];

/** Top-level folders outside of src that code in src may import, and by whom. */
export const outsideOfSource: Readonly<Record<string, readonly string[]>> = {
  migrations: ['app', 'cli', 'platform'],
};

/**
 * Where a package may be imported. A place is a slice, a folder of a slice, a folder of any slice (with a star for the
 * slice), or a suffix as `*.entity.ts`.
 */
export interface PackageHome {
  /** Exact names; a trailing `*` matches any rest, such as `@scope/*`. */
  readonly packages: readonly string[];
  readonly places: readonly string[];
  /** Places that may import types of it, but no values. */
  readonly typePlaces?: readonly string[];
}

/** Homes of packages; what is not listed may be used anywhere. */
export const packageHomes: readonly PackageHome[] = [
  { packages: ['@fedify/*'], places: ['federation/internal/json-ld'] },
  {
    packages: [
      'graphql',
      'graphql/*',
      'type-graphql',
      'dataloader',
      'graphql-scalars',
      'graphql-ws',
      'graphql-ws/*',
      'graphql-jit',
      '@apollo/*',
      '@graphql-tools/*',
      '@as-integrations/*',
    ],
    places: ['*/graphql', 'app'],
  },
  { packages: ['blurhash', 'fluent-ffmpeg', 'media-captions'], places: ['media/internal'] },
  { packages: ['sharp'], places: ['media/internal', 'cli/seed'] },
  { packages: ['qr', 'tldts'], places: ['platform'] },
  {
    packages: ['pg', 'pg-*', 'kysely', '@mikro-orm/postgresql', '@mikro-orm/migrations'],
    places: ['platform/db'],
    typePlaces: ['platform'],
  },
  {
    packages: ['@mikro-orm/core'],
    places: ['platform/db', '*.entity.ts'],
    typePlaces: [
      'platform',
      'media',
      'actors',
      'accounts',
      'posts',
      'photos',
      'videos',
      'stories',
      'collections',
      'playback',
      'timelines',
      'search',
      'notifications',
      'chat',
      'moderation',
      'portability',
      'federation',
      'app',
    ],
  },
  { packages: ['graphile-worker'], places: ['platform/jobs', 'platform/db'] },
  {
    packages: [
      'ws',
      'undici',
      'express',
      'node:http',
      'node:https',
      'node:http2',
      'node:net',
      'node:tls',
      'node:dgram',
      'node:dns',
      'node:dns/promises',
      'node:inspector',
    ],
    places: ['platform', 'app', 'cli', '*/http'],
  },
  { packages: ['@tus/*'], places: ['media/http', 'app'] },
  {
    packages: [
      '@aws-sdk/*',
      'nodemailer',
      'nodemailer/*',
      'pino',
      'prom-client',
      'libsodium-wrappers',
    ],
    places: ['platform', 'app', 'cli', 'media/internal'],
  },
  { packages: ['intl-messageformat', '@formatjs/*', 'ipaddr.js'], places: ['platform'] },
  // It decrypts: what the server reads of MLS it reads itself, so that it could not decrypt if it wanted to.
  { packages: ['ts-mls', 'ts-mls/*'], places: [] },
  { packages: ['web-push'], places: ['platform'] },
  { packages: ['zod'], places: ['platform', 'accounts', 'app', 'cli', 'media/internal'] },
  { packages: ['@node-rs/argon2', 'altcha-lib', 'altcha-lib/*'], places: ['accounts'] },
  { packages: ['commander'], places: ['cli'] },
  {
    packages: ['node:child_process', 'node:cluster'],
    places: ['platform', 'media/internal', 'app', 'cli'],
  },
  {
    packages: ['node:worker_threads'],
    places: ['platform', 'media/internal', 'federation/internal/json-ld', 'app', 'cli'],
  },
];

/** The only files that may touch these globals. */
export const homesOfGlobals: Readonly<Record<'process.env' | 'fetch', string>> = {
  'process.env': 'src/platform/config/environment.ts',
  fetch: 'src/platform/http-client.ts',
};

/** Folders of `test` that check the house itself and may therefore open every door. */
export const testsWithEveryKey: readonly string[] = ['contract', 'support'];

/** Suffixes of files: `publish-post.ts` has none, `post.entity.ts` has one. Each lives in the named folder only, if any, and in `app`. */
export const fileSuffixes: Readonly<Record<string, string | null>> = {
  entity: null,
  policy: null,
  events: null,
  queries: null,
  connection: 'graphql',
  errors: null,
  variables: null,
  type: 'graphql',
  enum: 'graphql',
  input: 'graphql',
  payload: 'graphql',
  mutations: 'graphql',
  query: 'graphql',
  loader: 'graphql',
  plugin: 'graphql',
  fields: 'graphql',
  loaders: 'graphql',
  subscriptions: 'graphql',
  routes: 'http',
  job: 'jobs',
};

/** A word that names nothing, or that belongs to another dialect. */
export interface BannedWord {
  /** Lower case; several words in a row are written with blanks, as `current user`. */
  readonly word: string;
  readonly instead: string;
  /** The name as a whole must be the word; otherwise one word within it is enough. */
  readonly isWholeName?: boolean;
  /** Neighbours that give the word another meaning: `user errors`, `user agent`. */
  readonly unless?: readonly string[];
  /** Slices, or folders of slices, in whose dialect the word means something. */
  readonly allowedIn?: readonly string[];
}

const nothing = 'a word that says what it is';
const meansNothing = [
  'util',
  'utils',
  'utility',
  'utilities',
  'helper',
  'helpers',
  'common',
  'manager',
  'managers',
  'misc',
];

/** Words that no file, folder or exported name may carry. */
export const bannedWords: readonly BannedWord[] = [
  ...meansNothing.map((word) => ({ word, instead: nothing })),
  { word: 'shared', instead: nothing, allowedIn: ['platform/graphql', 'federation'] },
  { word: 'data', instead: nothing, unless: ['data loader', 'data directory', 'data dir'] },
  {
    word: 'info',
    instead: nothing,
    unless: ['page info', 'group info', 'node info', 'resolve info'],
  },
  {
    word: 'user',
    instead: 'actor, account or viewer',
    unless: ['user error', 'user errors', 'user agent'],
  },
  { word: 'users', instead: 'actors or accounts' },
  { word: 'current user', instead: 'viewer' },
  { word: 'me', instead: 'viewer' },
  { word: 'status', instead: 'post', isWholeName: true },
  { word: 'statuses', instead: 'posts', isWholeName: true },
  { word: 'toot', instead: 'post' },
  { word: 'note', instead: 'post', allowedIn: ['federation', 'moderation'] },
  { word: 'reply', instead: 'comment', isWholeName: true, allowedIn: ['federation'] },
  { word: 'fave', instead: 'reaction' },
  { word: 'favourite', instead: 'reaction' },
  { word: 'favorite', instead: 'reaction' },
  { word: 'boost', instead: 'repost' },
  { word: 'reblog', instead: 'repost' },
  { word: 'renote', instead: 'repost' },
  { word: 'acct', instead: 'handle', allowedIn: ['federation'] },
  { word: 'iri', instead: 'uri' },
  { word: 'api id', instead: 'uri' },
  { word: 'ap id', instead: 'uri' },
  { word: 'prekey', instead: 'key package' },
  { word: 'outbox', instead: "journal (the outbox is ActivityPub's)", allowedIn: ['federation'] },
  { word: 'inbox', instead: "mailbox (the inbox is ActivityPub's)", allowedIn: ['federation'] },
  { word: 'permission', instead: 'policy' },
  { word: 'guard', instead: 'policy' },
  { word: 'ability', instead: 'policy' },
  { word: 'ban', instead: 'suspension' },
];

/** Names that no entity may have: what people see and what is stored are not the same thing. */
export const bannedEntityNames: readonly string[] = [
  'Profile',
  'User',
  'Status',
  'Note',
  'Chat',
  'Room',
  'Thread',
  'Channel',
  'File',
  'Asset',
  'Variant',
  'Message',
  'Flag',
];
