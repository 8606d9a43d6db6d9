// Writes the typed operations of the client package: the documents in sdk/src/api/documents with the types that
// schema.graphql gives them. With --check it only says whether they are up to date.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import { Kind, parse, print, visit } from 'graphql';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const documents = path.join(root, 'sdk/src/api/documents');
const target = path.join(root, 'sdk/src/api/operations.ts');

/** What travels as text: larger than a number of JavaScript holds, or with a format of its own. */
const TEXTS = ['BigInt', 'Date', 'DateTime', 'HTML', 'Handle', 'LanguageTag', 'Markdown', 'URL'];
const scalars = Object.fromEntries(
  [...TEXTS, 'Base64Bytes', 'ID'].map((name) => [name, { input: 'string', output: 'string' }]),
);

const text = [
  '// Generated from schema.graphql and documents/ by tools/sdk-operations.js.',
  "import { operation } from './operation.js';",
  '',
  await types(),
  ...constants(),
].join('\n');
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('sdk/src/api/operations.ts is stale: run "node tools/sdk-operations.js".');
  process.exitCode = 1;
}

async function types() {
  const config = {
    scalars,
    strictScalars: true,
    enumType: 'string-literal',
    immutableTypes: true,
    dedupeFragments: true,
  };
  const [file] = await generate(
    {
      cwd: root,
      schema: 'schema.graphql',
      documents: `${documents}/*.graphql`,
      silent: true,
      generates: { 'operations.ts': { plugins: ['typescript-operations'], config } },
    },
    false,
  );
  return file.content;
}

/** One constant for each operation: its text with the fragments that it needs. */
function constants() {
  const definitions = readdirSync(documents)
    .toSorted()
    .flatMap((file) => parse(readFileSync(path.join(documents, file), 'utf8')).definitions);
  const fragments = new Map(
    definitions
      .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
      .map((it) => [it.name.value, it]),
  );
  return definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((definition) => {
      const { name, operation } = definition;
      const type = `${name.value}${operation[0].toUpperCase()}${operation.slice(1)}`;
      const needed = [...spread(definition, fragments, new Set())].map((it) => fragments.get(it));
      const source = [definition, ...needed].map((it) => print(it)).join('\n\n');
      return `export const ${name.value} = operation<${type}, ${type}Variables>(\`\n${source}\n\`);\n`;
    });
}

function spread(node, fragments, found) {
  visit(node, {
    FragmentSpread: ({ name }) => {
      if (found.has(name.value)) return;
      found.add(name.value);
      spread(fragments.get(name.value), fragments, found);
    },
  });
  return found;
}
