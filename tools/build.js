// Compiles the server and its tests into dist. Runs on the system's Node (20 or later), before ours is chosen.
// With --if-stale it does nothing when dist is newer than every source. With --prepare (npm calls it at the end of an
// installation) also where the compiler was left out on purpose, as in a production image.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...parts) => path.join(root, ...parts);
const stamp = inRoot('dist', '.built');
const graphiqlBundler = inRoot('tools', 'build-graphiql.js');

const isPreparing = process.argv.includes('--prepare');
const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');

if (
  isPreparing
    ? existsSync(compiler) && isStale()
    : !process.argv.includes('--if-stale') || isStale()
)
  build();

function build() {
  rmSync(inRoot('dist'), { recursive: true, force: true });
  run(compiler, '-p', root);
  if (existsSync(graphiqlBundler)) run(graphiqlBundler);
  writeFileSync(stamp, '');
}

function run(script, ...args) {
  const { status, error } = spawnSync(process.execPath, [script, ...args], {
    stdio: 'inherit',
    cwd: root,
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** A checkout or an edit makes a source newer than the stamp; a removed file touches its folder. */
function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const sources = [
    'src',
    'sdk/src',
    'migrations',
    'test',
    'bench',
    'tools',
    'tsconfig.json',
    'package-lock.json',
  ];
  return sources
    .map((name) => inRoot(name))
    .some((source) => existsSync(source) && changedSince(source, built));
}

function changedSince(file, time) {
  const stats = statSync(file);
  if (stats.mtimeMs > time) return true;
  return (
    stats.isDirectory() &&
    readdirSync(file).some((name) => changedSince(path.join(file, name), time))
  );
}
