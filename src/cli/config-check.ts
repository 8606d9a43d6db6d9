// `triptych config check`: would this environment start a server?
import { Command } from 'commander';

import { ConfigError, loadConfig } from '../platform/config.js';
import type { ConfigProblem } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import { complain, print, printJson } from './output.js';

function problemsOf(env: Record<string, string | undefined>): {
  problems: readonly ConfigProblem[];
  message: string;
} {
  try {
    loadConfig(env);
    return { problems: [], message: 'The configuration is valid.' };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems, message: error.message };
    throw error;
  }
}

/** Checks the environment that it runs in; exit code 1 if the server would refuse it. */
export function configCheck(): Command {
  return new Command('check')
    .description('Checks the environment variables and lists everything that is wrong with them')
    .option('--json', 'answer as JSON')
    .action(({ json }: { json?: true }) => {
      const { problems, message } = problemsOf(processEnvironment());
      if (problems.length > 0) process.exitCode = 1;
      if (json) printJson({ valid: problems.length === 0, problems });
      else if (problems.length > 0) complain(message);
      else print(message);
    });
}
