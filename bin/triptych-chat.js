#!/usr/bin/env node
// Chat in a terminal, the example of the client package: https of a server, own name, names of others.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const main = path.resolve(here, '../dist/sdk/src/cli/triptych-chat.js');

if (existsSync(main)) await import(main);
else {
  console.error('Triptych is not built yet: run `npm run build` first.');
  process.exitCode = 1;
}
