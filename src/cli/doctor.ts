// `triptych doctor`: looks at everything that a server needs and says what is wrong. Changes nothing that lasts.
import { Command } from 'commander';

import { loadConfig, ConfigError } from '../platform/config.js';
import type { Config } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import { checkDatabase } from './doctor/database.js';
import type { Finding } from './doctor/finding.js';
import { checkDataDirectory, checkNode, checkPublicUrl, checkTools } from './doctor/machine.js';
import { checkStorage } from './doctor/storage.js';
import { columns, print, printJson } from './output.js';

/** Runs every check. A check that can't run because another failed is left out. */
export async function examine(env: Record<string, string | undefined>): Promise<Finding[]> {
  let config: Config;
  try {
    config = loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      checkNode(process.versions.node),
      { check: 'configuration', state: 'failed', detail: error.message },
    ];
  }
  const valid: Finding = { check: 'configuration', state: 'ok', detail: 'every variable is valid' };
  const directory = await checkDataDirectory(config.dataDirectory);
  const rest = await Promise.all([
    checkDatabase(config),
    checkStorage(config),
    checkTools(config, env),
  ]);
  return [
    checkNode(process.versions.node),
    valid,
    checkPublicUrl(config.publicUrl),
    directory,
    ...rest.flat(),
  ];
}

/** The command; exit code 1 if a check failed, 0 with warnings only. */
export function doctor(): Command {
  return new Command()
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings = await examine(processEnvironment());
      if (findings.some(({ state }) => state === 'failed')) process.exitCode = 1;
      if (json) printJson(findings);
      else print(columns(findings.map(({ check, state, detail }) => [state, check, detail])));
    });
}
