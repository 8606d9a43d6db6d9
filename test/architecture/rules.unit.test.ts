// Every rule can fail: each is fed sources that break it, and near misses that do not.
import { describe, expect, test } from '@jest/globals';
import { checkArchitecture, describeViolation, rules } from './check.js';

type Sources = Readonly<Record<string, string>>;

/** Violations of one rule in sources made up for the purpose, each as `path:line`. */
function violations(rule: string, sources: Sources): string[] {
  return checkArchitecture(new Map(Object.entries(sources)))
    .filter((found) => found.rule === rule)
    .map(({ path, line }) => `${path}:${line}`);
}

const breaking: Record<string, Record<string, Sources>> = {
  parses: {
    'broken syntax': { 'src/app/a.ts:0': 'export const = 1;' },
  },
  'slice-table': {
    'an import upwards': {
      'src/posts/a.ts:1': "import { b } from '../photos/b.js';",
      'src/photos/b.ts': '',
    },
    'a type import upwards': {
      'src/media/a.ts:1': "import type { B } from '../actors/b.js';",
      'src/actors/b.ts': '',
    },
    'an import type expression upwards': {
      'src/media/a.ts:1': "type B = import('../actors/b.js').B;",
      'src/actors/b.ts': '',
    },
    'a dynamic import upwards': {
      'src/media/a.ts:2': "\nawait import('../actors/b.js');",
      'src/actors/b.ts': '',
    },
    'a required file upwards': {
      'src/media/a.ts:1': "const b = require('../actors/b.js');",
      'src/actors/b.ts': '',
    },
    'an import assignment upwards': {
      'src/media/a.ts:1': "import b = require('../actors/b.js');",
      'src/actors/b.ts': '',
    },
    'a re-export upwards': {
      'src/media/a.ts:1': "export * from '../actors/b.js';",
      'src/actors/b.ts': '',
    },
    'a sideways import': {
      'src/photos/a.ts:1': "import { b } from '../videos/b.js';",
      'src/videos/b.ts': '',
    },
    'timelines that know photos': {
      'src/timelines/a.ts:1': "import { b } from '../photos/b.js';",
      'src/photos/b.ts': '',
    },
    'a product word in the platform': {
      'src/platform/db/a.ts:1': "import { b } from '../../posts/b.js';",
      'src/posts/b.ts': '',
    },
    'an unknown slice': { 'src/polls/a.ts:0': '' },
    'an import of an unknown slice': { 'src/app/a.ts:1': "import { b } from '../polls/b.js';" },
    'a file of main from below': {
      'src/app/a.ts:1': "import { b } from '../main.js';",
      'src/main.ts': '',
    },
    'migrations from a product slice': {
      'src/posts/a.ts:1': "import { b } from '../../migrations/b.js';",
    },
    'tools from the server': { 'src/app/a.ts:1': "import { b } from '../../tools/b.js';" },
  },
  'no-cycles': {
    'two files': {
      'src/posts/a.ts:0': "import { b } from './b.js';",
      'src/posts/b.ts': "import { a } from './a.js';",
    },
    'a file that imports itself': { 'src/posts/a.ts:0': "import { a } from './a.js';" },
    'three files, one import being dynamic': {
      'src/posts/a.ts:0': "import { b } from './b.js';",
      'src/posts/b.ts': "import { c } from './c.js';",
      'src/posts/c.ts': "export const load = () => import('./a.js');",
    },
    'an import of inline types, which stays at run time': {
      'src/posts/a.ts:0': "import { type B } from './b.js';",
      'src/posts/b.ts': "import { a } from './a.js';",
    },
    'two tests': {
      'test/posts/a.ts:0': "import { b } from './b.js';",
      'test/posts/b.ts': "import { a } from './a.js';",
    },
  },
  'private-folders': {
    internal: {
      'src/posts/a.ts:1': "import { b } from '../media/internal/b.js';",
      'src/media/internal/b.ts': '',
    },
    jobs: {
      'src/posts/a.ts:1': "import { b } from '../media/jobs/b.js';",
      'src/media/jobs/b.ts': '',
    },
    http: {
      'src/posts/a.ts:1': "import { b } from '../media/http/b.js';",
      'src/media/http/b.ts': '',
    },
    'types in graphql': {
      'src/posts/a.ts:1': "import type { B } from '../actors/graphql/b.js';",
      'src/actors/graphql/b.ts': '',
    },
    'graphql upwards': {
      'src/actors/graphql/a.ts:1': "import { b } from '../../posts/graphql/b.js';",
      'src/posts/graphql/b.ts': '',
    },
    'graphql from the platform': {
      'src/posts/a.ts:1': "import { b } from '../platform/graphql/b.js';",
      'src/platform/graphql/b.ts': '',
    },
    'graphql from http': {
      'src/media/http/a.ts:1': "import { b } from '../../platform/graphql/b.js';",
      'src/platform/graphql/b.ts': '',
    },
    'the command line': {
      'src/cli/a.ts:1': "import { b } from '../media/internal/b.js';",
      'src/media/internal/b.ts': '',
    },
    'a journey': {
      'test/journeys/a.ts:1': "import { b } from '../../src/media/internal/b.js';",
      'src/media/internal/b.ts': '',
    },
    'tests of another slice': {
      'test/posts/a.ts:1': "import { b } from '../../src/media/internal/b.js';",
      'src/media/internal/b.ts': '',
    },
  },
  'no-reexports': {
    everything: { 'src/posts/a.ts:1': "export * from './b.js';" },
    'everything under a name': { 'src/posts/a.ts:1': "export * as b from './b.js';" },
    'one name': { 'src/posts/a.ts:1': "export { b } from './b.js';" },
    'a type': { 'src/posts/a.ts:1': "export type { B } from './b.js';" },
    'an import passed on later': {
      'src/posts/a.ts:3': "import { b } from './b.js';\n\nexport { b };",
    },
  },
  'package-homes': {
    fedify: { 'src/posts/a.ts:1': "import { Note } from '@fedify/fedify';" },
    'fedify types': { 'src/chat/a.ts:1': "import type { Note } from '@fedify/vocab';" },
    graphql: { 'src/posts/a.ts:1': "import { GraphQLError } from 'graphql';" },
    'type-graphql': { 'src/posts/post.entity.ts:1': "import { Field } from 'type-graphql';" },
    dataloader: { 'src/posts/posts.queries.ts:1': "import DataLoader from 'dataloader';" },
    'graphql in platform': {
      'src/platform/errors.ts:1': "import type { GraphQLError } from 'graphql';",
    },
    'T3: what decrypts MLS': { 'src/chat/a.ts:1': "import { processMessage } from 'ts-mls';" },
    'T3: parts of it': { 'src/mls/a.ts:1': "import { decode } from 'ts-mls/message.js';" },
    sharp: { 'src/media/create-upload.ts:1': "import sharp from 'sharp';" },
    'sharp in a job': { 'src/media/jobs/make-renditions.ts:1': "import sharp from 'sharp';" },
    ffmpeg: { 'src/videos/a.ts:1': "import ffmpeg from 'fluent-ffmpeg';" },
    'a child process': { 'src/videos/a.ts:1': "import { spawn } from 'node:child_process';" },
    pg: { 'src/timelines/a.ts:1': "import pg from 'pg';" },
    'types of pg': { 'src/timelines/a.ts:1': "import type { Client } from 'pg';" },
    'values of pg in the platform': {
      'src/platform/realtime/bus.ts:1': "import { Client } from 'pg';",
    },
    'the ORM driver': {
      'src/posts/publish-post.ts:1': "import type { EntityManager } from '@mikro-orm/postgresql';",
    },
    'values of the ORM': {
      'src/posts/publish-post.ts:1': "import { MikroORM } from '@mikro-orm/core';",
    },
    'the job queue': { 'src/posts/publish-post.ts:1': "import { run } from 'graphile-worker';" },
    'a socket': { 'src/chat/a.ts:1': "import { WebSocket } from 'ws';" },
    'node:http': { 'src/media/internal/a.ts:1': "import { request } from 'node:http';" },
    undici: { 'src/federation/a.ts:1': "import { Agent } from 'undici';" },
    'a required package': {
      'src/posts/a.ts:1': "const sharp = createRequire(import.meta.url)('sharp');",
    },
    'the command line parser': { 'src/app/a.ts:1': "import { Command } from 'commander';" },
  },
  'global-homes': {
    'process.env': { 'src/platform/db/a.ts:1': 'export const path = process.env.PATH;' },
    'process.env by its string': { 'src/app/a.ts:1': "export const env = process['env'];" },
    'a destructured environment': { 'src/app/a.ts:1': 'const { env } = process;' },
    'an imported process': { 'src/app/a.ts:1': "import { env } from 'node:process';" },
    fetch: { 'src/media/a.ts:1': "await fetch('https://a.example');" },
    'fetch of globalThis': { 'src/media/a.ts:1': "await globalThis.fetch('https://a.example');" },
    'a destructured fetch': { 'src/media/a.ts:1': 'const { fetch: ask } = globalThis;' },
  },
  'no-entity-manager': {
    'an imported type': {
      'src/posts/graphql/a.ts:1': "import type { EntityManager } from '@mikro-orm/core';",
    },
    'the property': { 'src/posts/graphql/a.ts:1': 'export const a = (tx: Transaction) => tx.em;' },
    'a statement in SQL': {
      'src/posts/graphql/a.ts:1': "import { statement } from '../../platform/db/database.js';",
      'src/platform/db/database.ts': '',
    },
    'a destructured property': {
      'src/posts/graphql/a.ts:1': 'export const a = ({ em }: Transaction) => em;',
    },
  },
  'definition-homes': {
    'an entity elsewhere': {
      'src/posts/post.ts:1': "export const post = defineEntity({ name: 'Post' });",
    },
    'an imported defineEntity': {
      'src/posts/post.ts:1': "import { defineEntity as make } from '@mikro-orm/core';",
    },
    'an entity in graphql': {
      'src/posts/graphql/post.entity.ts:1': "export const post = defineEntity({ name: 'Post' });",
    },
    'an object type elsewhere': { 'src/posts/post.ts:1': '@ObjectType() export class Post {}' },
    'one class for both': { 'src/posts/post.entity.ts:3': '\n@ObjectType()\nexport class Post {}' },
    'a resolver elsewhere': { 'src/posts/post.ts:1': '@Resolver(Post) class PostResolver {}' },
  },
  relations: {
    'a collection into another slice': {
      'src/photos/photo-post.entity.ts:2':
        "import { Media } from '../media/media.entity.js';\nconst a = p.oneToMany(() => Media);",
      'src/media/media.entity.ts': '',
    },
    'the inverse of a relation into another slice': {
      'src/photos/photo-post.entity.ts:2':
        "import { Actor } from '../actors/actor.entity.js';\nconst a = p.manyToOne(() => Actor).nullable().inversedBy('photos');",
      'src/actors/actor.entity.ts': '',
    },
    'a target named by a string': {
      'src/actors/actor.entity.ts:1': "const a = p.manyToOne(() => 'Post');",
    },
  },
  'source-without-tests': {
    'a test': { 'src/app/a.ts:1': "import { b } from '../../test/support/b.js';" },
    'a type of a test': { 'src/app/a.ts:1': "import type { B } from '../../test/support/b.js';" },
    'a benchmark': { 'src/app/a.ts:1': "import { b } from '../../bench/b.js';" },
  },
  'file-names': {
    'camel case': { 'src/posts/publishPost.ts:0': '' },
    'a folder in snake case': { 'src/posts/the_rest/a.ts:0': '' },
    'an unknown suffix': { 'src/posts/posts.service.ts:0': '' },
    'two suffixes': { 'src/posts/posts.entity.type.ts:0': '' },
    'a type outside of graphql': { 'src/posts/post.type.ts:0': '' },
    'a job outside of jobs': { 'src/posts/fan-out.job.ts:0': '' },
  },
  words: {
    'a file': { 'src/posts/post-utils.ts:0': '' },
    'a folder': { 'src/posts/helpers/text.ts:0': '' },
    'a manager': { 'src/posts/a.ts:1': 'export class PostManager {}' },
    'a constant': { 'src/posts/a.ts:1': 'export const SHARED_LIMITS = 1;' },
    data: { 'src/posts/a.ts:1': 'export interface PostData {}' },
    info: { 'src/posts/a.ts:1': 'export type PostInfo = string;' },
    user: { 'src/accounts/a.ts:1': 'export class User {}' },
    'current user': { 'src/accounts/a.ts:1': 'export function findCurrentUser() {}' },
    'a status that is a post': { 'src/posts/status.ts:0': '' },
    toot: { 'src/posts/a.ts:1': 'export function deleteToot() {}' },
    'a note outside of federation': { 'src/posts/a.ts:1': 'export class RemoteNote {}' },
    'a reply as a type': { 'src/posts/a.ts:1': 'export class Reply {}' },
    boost: { 'src/posts/a.ts:1': 'export function boostPost() {}' },
    'an entity called Profile': {
      'src/actors/profile.entity.ts:1': "const schema = defineEntity({ name: 'Profile' });",
    },
  },
  'head-comments': {
    'an import first': {
      'src/posts/a.ts:1': "import { b } from './b.js';\n// A comment too late.",
    },
    'an empty file': { 'src/posts/a.ts:1': '' },
    'a novel': { 'src/posts/a.ts:1': '// Once upon a time.\n'.repeat(9) },
  },
  'doc-comments': {
    'a function': { 'src/posts/a.ts:1': 'export function a() {}' },
    'a class': { 'src/posts/a.ts:1': 'export class A {}' },
    'a decorated class': { 'src/posts/graphql/a.ts:1': "@ObjectType('A')\nexport class A {}" },
    'a type': { 'src/posts/a.ts:1': 'export type A = string;' },
    'an interface': { 'src/posts/a.ts:1': 'export interface A {}' },
    'a constant': { 'src/posts/a.ts:1': 'export const a = 1;' },
    'an ordinary comment': { 'src/posts/a.ts:2': '/* Makes an a. */\nexport function a() {}' },
    'a line comment': { 'src/posts/a.ts:2': '// Makes an a.\nexport function a() {}' },
    'a comment that belongs to something else': {
      'src/posts/a.ts:3': '/** Makes b. */\nfunction b() {}\nexport function a() {}',
    },
    'a name exported later': { 'src/posts/a.ts:1': 'const a = 1;\nexport { a };' },
    'a default export': { 'src/posts/a.ts:1': 'export default class {}' },
  },
  'test-names': {
    'a wish': { 'test/posts/a.ts:1': "test('it should work', () => {});" },
    'a wish in a table': { 'test/posts/a.ts:1': "test.each([1])('%d should work', () => {});" },
    'a wish of a group': { 'test/posts/a.ts:1': "describe('what should be', () => {});" },
  },
  'statement-names': {
    'two texts under one name': {
      'test/posts/a.db.test.ts': "const A = statement('test.rules.a', 'select 1');",
      'test/posts/b.db.test.ts:1': "const B = statement('test.rules.a', `select 2`);",
    },
  },
  'no-left-overs': {
    'work to do': { 'src/posts/a.ts:1': '// TODO: make it fast' },
    'work to mend, in a test': { 'test/posts/a.ts:2': '\n/* FIXME */' },
    'a number of the tracker': { 'src/posts/a.ts:1': '// See issue 12.' },
  },
  'no-blind-casts': {
    'through unknown': { 'src/posts/a.ts:1': 'export const a = b as unknown as string;' },
    'to any': { 'src/posts/a.ts:1': 'export const a = b as any;' },
  },
};

/** The key that carries a line is the place where the violation is expected. */
function split(sources: Sources): { sources: Sources; expected: string[] } {
  const places = Object.keys(sources);
  const bare = places.map((place) => [place.replace(/:\d+$/, ''), sources[place]!] as const);
  return {
    sources: Object.fromEntries(bare),
    expected: places.filter((place) => /:\d+$/.test(place)),
  };
}

for (const [rule, cases] of Object.entries(breaking)) {
  describe(rule, () => {
    test.each(Object.keys(cases))('refuses %s', (title) => {
      const { sources, expected } = split(cases[title]!);
      expect(expected).toHaveLength(1);
      expect([...new Set(violations(rule, sources))]).toEqual(expected);
    });
  });
}

test('every rule has sources that break it', () => {
  expect(Object.keys(breaking).sort()).toEqual(Object.keys(rules).sort());
});

const allowed: Record<string, Sources> = {
  'imports downwards, values and types': {
    'src/photos/publish-photo-post.ts': `// Publishes.
import type { Actor } from '../actors/actor.entity.js';
import { publishPost } from '../posts/publish-post.js';
/** Publishes a photo post. */
export const publishPhotoPost = (author: Actor) => publishPost(author);`,
    'src/actors/actor.entity.ts': `// Actors.
import { defineEntity, p } from '@mikro-orm/core';
import { Media } from '../media/media.entity.js';
const schema = defineEntity({ name: 'Actor', properties: { avatar: () => p.manyToOne(() => Media).nullable() } });
/** An actor. */
export class Actor extends schema.class {}`,
    'src/media/media.entity.ts': '// Media.\n/** A medium. */\nexport class Media {}',
    'src/posts/publish-post.ts': `// Publishes.
import type { EntityManager } from '@mikro-orm/core';
/** Publishes. */
export const publishPost = (author: object, em?: EntityManager) => em?.flush() ?? author;`,
  },
  'types that point at each other within a slice': {
    'src/posts/a.ts':
      "// A.\nimport type { B } from './b.js';\n/** A. */\nexport interface A { b: B }",
    'src/posts/b.ts':
      "// B.\nimport type { A } from './a.js';\n/** B. */\nexport interface B { a: A }",
  },
  'the app in private rooms, and doors that call doors below': {
    'src/app/jobs.ts': "// Jobs.\nimport { b } from '../media/jobs/b.js';\nb();",
    'src/media/jobs/b.ts': '// B.\n/** B. */\nexport function b() {}',
    'src/photos/graphql/a.type.ts': `// A.
import { Field, ObjectType } from 'type-graphql';
import { b } from '../../platform/graphql/b.js';
/** A photo post. */
@ObjectType({ description: 'A photo post.' })
export class PhotoPost { @Field() b = b; }`,
    'src/platform/graphql/b.ts': '// B.\n/** B. */\nexport const b = 1;',
    'src/posts/fan-out.ts':
      "// C.\nimport { defineJob } from '../platform/jobs/job.js';\ndefineJob();",
    'src/platform/jobs/job.ts': '// Jobs.\n/** A job. */\nexport function defineJob() {}',
  },
  'tests that look into their own slice and support that opens all': {
    'test/media/a.unit.test.ts': "import { b } from '../../src/media/internal/b.js';\nb();",
    'test/support/world.ts': "import { b } from '../../src/media/internal/b.js';\nb();",
    'src/media/internal/b.ts':
      "// B.\nimport sharp from 'sharp';\n/** B. */\nexport const b = () => sharp();",
  },
  'homes of globals': {
    'src/platform/config/environment.ts':
      '// Env.\n/** Env. */\nexport const environment = () => process.env;',
    'src/platform/http-client.ts':
      '// Net.\n/** Net. */\nexport const request = (url: string) => fetch(url);',
    'src/posts/a.ts':
      '// Names that only look like globals.\nclient.fetch(1); const env = config.env; loader.env.process;',
  },
  'GraphQL classes that are described to clients, and a resolver of the app': {
    'src/posts/graphql/post.type.ts': `// Post.
@ObjectType('Post', { description: 'A post.' })
export class PostType {}`,
    'src/app/node.query.ts': '// Nodes.\n@Resolver()\nexport class NodeQuery {}',
  },
  'words that only look banned': {
    'src/accounts/user-error.ts':
      '// Names.\n/** One. */\nexport class UserError {}\n/** Two. */\nexport const usernames = 1, PageInfo = 2;',
    'src/actors/actor-status.ts':
      '// Names.\n/** One. */\nexport type ActorStatus = string;\n/** Two. */\nexport const mediaMetadata = 1;',
    'src/federation/translate/note.ts': '// Names.\n/** One. */\nexport function readNote() {}',
  },
  'overloads documented once, and a head above the doc comment': {
    'src/posts/a.ts': `#!/usr/bin/env node
// Head.
/** Doc. */
export function a(b: string): void;
export function a(b: number): void;
export function a(b: unknown): void {}
/** Doc. */
const c = 1;
export { c as d };`,
  },
};

test.each(Object.keys(allowed))('allows %s', (title) => {
  expect(
    checkArchitecture(new Map(Object.entries(allowed[title]!))).map(describeViolation),
  ).toEqual([]);
});
