// npm run schema: writes schema.graphql. npm run schema:check: fails when schema.graphql is not what the code makes,
// or when it breaks clients of the last release without a declaration in test/contract/declared-changes.json.
// Reads the compiled server: build first.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { buildSchema } from 'graphql';

const root = path.resolve(import.meta.dirname, '..');
const inRoot = (...parts) => path.join(root, ...parts);
const compiled = (file) => import(inRoot('dist', file));

const { buildAppSchema } = await compiled('src/app/schema.js');
const { printSdl } = await compiled('src/platform/graphql/sdl.js');
const sdl = printSdl(await buildAppSchema());

if (process.argv.includes('--check')) await check();
else writeFileSync(inRoot('schema.graphql'), sdl);

async function check() {
  const kept = existsSync(inRoot('schema.graphql'))
    ? readFileSync(inRoot('schema.graphql'), 'utf8')
    : '';
  if (kept !== sdl)
    fail([
      `schema.graphql differs from the code at line ${firstDifference(kept, sdl)}: run "npm run schema".`,
    ]);
  const released = releasedSdl();
  if (released === undefined)
    return console.log('schema.graphql is up to date; there is no release to compare with.');
  const { schemaChanges } = await compiled('test/contract/schema-changes.js');
  const declared = JSON.parse(
    readFileSync(inRoot('test', 'contract', 'declared-changes.json'), 'utf8'),
  );
  const { undeclared, unfounded, dangerous } = schemaChanges(
    buildSchema(released),
    buildSchema(sdl),
    declared,
  );
  for (const sentence of dangerous) console.log(`for the changelog: ${sentence}`);
  fail([
    ...undeclared.map((sentence) => `breaks clients: ${sentence}`),
    ...unfounded.map((sentence) => `declared, but did not happen: ${sentence}`),
  ]);
  console.log('schema.graphql is up to date and keeps the promises of the last release.');
}

/** The schema of the last release: a file where one is kept, else that of the latest tag; undefined before the first. */
function releasedSdl() {
  const file = inRoot('test', 'contract', 'released-schema.graphql');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v*');
  return tag === undefined ? undefined : git('show', `${tag.trim()}:schema.graphql`);
}

function git(...args) {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

function firstDifference(a, b) {
  const [left, right] = [a.split('\n'), b.split('\n')];
  return right.findIndex((line, index) => line !== left[index]) + 1;
}

function fail(problems) {
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  process.exit(1);
}
