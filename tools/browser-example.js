// npm run browser-example: the page of sdk/examples/browser on this machine, bundled from the sources. Ctrl+C stops it.
import path from 'node:path';
import { context } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const directory = path.join(root, 'sdk/examples/browser');
const bundle = await context({
  entryPoints: [path.join(directory, 'main.js')],
  alias: { '@triptych/sdk': path.join(root, 'sdk/src/index.ts') },
  bundle: true,
  format: 'esm',
  platform: 'browser',
  // Nothing is written: the bundle is served in the place of the source.
  write: false,
  outdir: directory,
  allowOverwrite: true,
});
const { port } = await bundle.serve({
  servedir: directory,
  host: '127.0.0.1',
  port: Number(process.env['PORT'] ?? 8190),
});
console.log(`The example is at http://localhost:${port}`);

const stop = async () => {
  await bundle.dispose();
  process.exit();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
