// What client developers run: relay-compiler and graphql-codegen over the schema that is checked in.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const run = promisify(execFile);
const bin = (name: string): string => path.resolve('node_modules/.bin', name);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'triptych-clients-'));
  await cp('test/fixtures/clients', path.join(directory, 'src'), { recursive: true });
  await cp('schema.graphql', path.join(directory, 'schema.graphql'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test('relay-compiler compiles fragments, connections, mutations and subscriptions', async () => {
  const config = { src: './src', schema: './schema.graphql', language: 'javascript' };
  await writeFile(path.join(directory, 'relay.config.json'), JSON.stringify(config));
  await run(bin('relay-compiler'), ['relay.config.json'], { cwd: directory });
  const artifacts = await readdir(path.join(directory, 'src/__generated__'));
  expect(artifacts).toEqual(
    expect.arrayContaining([
      'profileQuery.graphql.js',
      'profileFollowMutation.graphql.js',
      'profileFollowersQuery.graphql.js',
    ]),
  );
});

test('graphql-codegen makes typed documents that compile strictly', async () => {
  const generated = path.join(directory, 'generated');
  const config = {
    schema: path.resolve('schema.graphql'),
    documents: [path.resolve('test/fixtures/clients/documents.graphql')],
    generates: { [`${generated}/`]: { preset: 'client', config: { useTypeImports: true } } },
  };
  const configFile = path.join(directory, 'codegen.json');
  await writeFile(configFile, JSON.stringify(config));
  await run(bin('graphql-codegen'), ['--config', configFile]);
  expect(await readFile(path.join(generated, 'graphql.ts'), 'utf8')).toContain(
    'FollowMutationVariables',
  );
  await symlink(path.resolve('node_modules'), path.join(directory, 'node_modules'));
  const strict = [
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    '',
  ];
  await run(bin('tsc'), [...strict, path.join(generated, 'graphql.ts')], { cwd: directory });
});
