/**
 * How jest runs a suite here. Jest alone loads every module anew for each suite, some three and a half thousand of them:
 * two thirds of the time of most suites. Here the suites of one process share their modules, as the servers of one
 * process do; each still has jest's own bookkeeping (circus) to itself.
 */
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModernFakeTimers } from '@jest/fake-timers';
import type { TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { ModuleMocker } from 'jest-mock';
import { useGlobals, type SuiteGlobals } from './globals.js';

type DeclaredGlobals = Omit<SuiteGlobals, 'jest'>;

/** The part of jest-circus that jest calls, too. */
interface Circus {
  initialize(suite: {
    readonly config: Config.ProjectConfig;
    readonly environment: unknown;
    readonly globalConfig: Config.GlobalConfig;
    readonly localRequire: NodeJS.Require;
    readonly parentProcess: NodeJS.Process;
    readonly runtime: unknown;
    readonly sendMessageToJest: unknown;
    readonly setGlobalsForRuntime: (globals: DeclaredGlobals) => void;
    readonly testPath: string;
  }): Promise<unknown>;
  runAndTransformResultsToJestFormat(suite: {
    readonly config: Config.ProjectConfig;
    readonly globalConfig: Config.GlobalConfig;
    readonly setupAfterEnvPerfStats: object;
    readonly testPath: string;
  }): Promise<TestResult>;
}

const require = createRequire(import.meta.url);
const CIRCUS = path.join(path.dirname(require.resolve('jest-circus/runner')), 'jestAdapterInit.js');
const GLOBALS = new URL('./globals.js', import.meta.url).href;
const TIME_LIMIT = Symbol.for('TEST_TIMEOUT_SYMBOL');
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: GLOBALS, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

let suites = 0;

/** Runs one suite: jest's `testRunner`. */
export default async function runSuite(
  globalConfig: Config.GlobalConfig,
  config: Config.ProjectConfig,
  environment: unknown,
  runtime: unknown,
  testPath: string,
  sendMessageToJest?: unknown,
): Promise<TestResult> {
  const circus = freshCircus();
  const mocker = new ModuleMocker(globalThis);
  const timers = new ModernFakeTimers({ config, global: globalThis });
  await circus.initialize({
    config,
    environment,
    globalConfig,
    localRequire: require,
    parentProcess: process,
    runtime,
    sendMessageToJest,
    setGlobalsForRuntime: (declared) =>
      useGlobals({ ...declared, jest: jestObject(mocker, timers) }),
    testPath,
  });
  try {
    suites += 1;
    // A module is evaluated once, but a suite may be run again.
    await import(`${pathToFileURL(testPath).href}?suite=${suites}`);
    const run = { config, globalConfig, setupAfterEnvPerfStats: {}, testPath };
    return await circus.runAndTransformResultsToJestFormat(run);
  } finally {
    mocker.restoreAllMocks();
    timers.dispose();
  }
}

/** Its state is that of its module, so each suite gets a module of its own. */
function freshCircus(): Circus {
  delete require.cache[CIRCUS];
  Reflect.deleteProperty(globalThis, EVENT_HANDLERS);
  Reflect.deleteProperty(globalThis, TIME_LIMIT);
  return require(CIRCUS) as Circus;
}

function jestObject(mocker: ModuleMocker, timers: ModernFakeTimers): SuiteGlobals['jest'] {
  const jest = {
    restoreAllMocks: () => {
      mocker.restoreAllMocks();
      return jest;
    },
    setTimeout: (milliseconds: number) => {
      Reflect.set(globalThis, TIME_LIMIT, milliseconds);
      return jest;
    },
    spyOn: mocker.spyOn.bind(mocker),
    useFakeTimers: (how?: Config.FakeTimersConfig) => {
      timers.useFakeTimers(how);
      return jest;
    },
    useRealTimers: () => {
      timers.useRealTimers();
      return jest;
    },
  } as SuiteGlobals['jest'];
  return jest;
}
