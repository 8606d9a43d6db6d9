/** What this software is called and which version of it runs. */
import { readFileSync } from 'node:fs';

const packageFile = new URL('../../../package.json', import.meta.url);
const { name, version } = JSON.parse(readFileSync(packageFile, 'utf8')) as {
  name: string;
  version: string;
};

/** Name (as NodeInfo wants it, lower case) and version, as the package says. */
export const SOFTWARE = { name, version } as const;
