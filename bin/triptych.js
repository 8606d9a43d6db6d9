#!/usr/bin/env node
// Starts the `triptych` command. An older Node hands over to the Node 24 that npm installed beside us.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = 24;
const here = fileURLToPath(import.meta.url);
const main = path.resolve(path.dirname(here), '../dist/src/cli/main.js');

if (Number(process.versions.node.split('.')[0]) < oldestNode) handOver(bundledNode());
else if (!existsSync(main)) fail('Triptych is not built yet: run `npm run build` first.');
else {
  process.setSourceMapsEnabled(true);
  // As `npm start` does; what the environment says wins. Tests have settings of their own.
  if (existsSync('.env') && process.env.NODE_ENV !== 'test') process.loadEnvFile();
  await import(main);
}

function bundledNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/package.json`,
    );
    return path.join(path.dirname(manifest), 'bin', 'node');
  } catch {
    return fail(`Triptych needs Node ${oldestNode} or later; this is ${process.version}.`);
  }
}

/** Waits for the command; ^C reaches it directly, as it belongs to the same terminal. */
function handOver(node) {
  process.on('SIGINT', () => {});
  const { status, signal, error } = spawnSync(node, [here, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (error) fail(`Cannot run ${node}: ${error.message}`);
  process.exit(status ?? 128 + constants.signals[signal]);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
