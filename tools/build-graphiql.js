// Bundles GraphiQL into dist/graphiql. The result is kept under the hash of everything that goes into it,
// so a build without changes only copies files. Needs no network.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const source = path.join(root, 'tools', 'graphiql');
const output = path.join(root, 'dist', 'graphiql');
const hash = hashOfInputs();
const kept = path.join(root, 'node_modules', '.cache', 'triptych-graphiql', hash);

function hashOfInputs() {
  const digest = createHash('sha256');
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  for (const file of [
    fileURLToPath(import.meta.url),
    path.join(root, 'package-lock.json'),
    ...files.sort(),
  ]) {
    digest.update(path.relative(root, file)).update('\0').update(readFileSync(file));
  }
  return digest.digest('hex').slice(0, 16);
}

async function bundle() {
  const { build } = await import('esbuild');
  const draft = `${kept}.${process.pid}`;
  const assets = path.join(draft, hash);
  const shared = {
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'linked',
    logLevel: 'warning',
    outdir: assets,
    // GraphiQL asks for these by their old names, which lead to scripts without named exports.
    alias: {
      'prettier/parser-graphql': 'prettier/plugins/graphql',
      'prettier/parser-babel': 'prettier/plugins/babel',
    },
    plugins: [oneGraphql, withoutDuplicateStyles],
  };
  await Promise.all([
    build({
      ...shared,
      entryPoints: [path.join(source, 'page.jsx')],
      format: 'esm',
      splitting: true,
      jsx: 'automatic',
      loader: { '.graphql': 'text' },
    }),
    build({
      ...shared,
      entryPoints: {
        'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
        'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
        'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      },
      format: 'iife',
      absWorkingDir: root,
    }),
  ]);
  compress(assets);
  writeFileSync(path.join(draft, 'index.html'), page());
  mkdirSync(path.dirname(kept), { recursive: true });
  rmSync(kept, { recursive: true, force: true });
  renameSync(draft, kept);
}

/** Packages that ask for graphql by `require` would bring a second copy, and schemas of one copy are foreign to the other. */
const oneGraphql = {
  name: 'one-graphql',
  setup(build) {
    const only = path.join(root, 'node_modules', 'graphql', 'index.mjs');
    build.onResolve({ filter: /^graphql$/ }, () => ({ path: only }));
  },
};

/** graphiql/style.css already holds Monaco's styles. */
const withoutDuplicateStyles = {
  name: 'without-duplicate-styles',
  setup(build) {
    build.onLoad({ filter: /monaco-editor[\\/].*\.css$/ }, () => ({ contents: '', loader: 'js' }));
  },
};

/** Lays a .br file beside each asset, for browsers that accept it. */
function compress(directory) {
  for (const name of readdirSync(directory)) {
    if (!/\.(?:js|css)$/.test(name)) continue;
    const file = path.join(directory, name);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params }));
  }
}

function page() {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>GraphiQL · Triptych</title>
    <link rel="stylesheet" href="/graphiql/${hash}/page.css" />
    <link rel="icon" href="data:," />
    <script type="module" src="/graphiql/${hash}/page.js"></script>
  </head>
  <body>
    <div id="graphiql">Loading…</div>
    <noscript>GraphiQL needs JavaScript.</noscript>
  </body>
</html>
`;
}

if (!existsSync(kept)) await bundle();
rmSync(output, { recursive: true, force: true });
cpSync(kept, output, { recursive: true });
