/**
 * What suites import as `@jest/globals`. Suites of one process share all modules (run-suite.ts), also this one, so its
 * exports are set anew before each of them.
 */
import type * as Jest from '@jest/globals';

/** What changes from suite to suite. */
export type SuiteGlobals = Pick<
  typeof Jest,
  'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it' | 'test'
> & {
  readonly jest: Pick<
    typeof Jest.jest,
    'restoreAllMocks' | 'setTimeout' | 'spyOn' | 'useFakeTimers' | 'useRealTimers'
  >;
};

export let afterAll: SuiteGlobals['afterAll'];
export let afterEach: SuiteGlobals['afterEach'];
export let beforeAll: SuiteGlobals['beforeAll'];
export let beforeEach: SuiteGlobals['beforeEach'];
export let describe: SuiteGlobals['describe'];
export let expect: SuiteGlobals['expect'];
export let it: SuiteGlobals['it'];
export let test: SuiteGlobals['test'];
export let jest: SuiteGlobals['jest'];

/** Whatever is declared from now on belongs to the suite of these. */
export function useGlobals(globals: SuiteGlobals): void {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test, jest } = globals);
}
