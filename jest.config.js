// Jest runs the compiled tests: what is tested is what is shipped. Unit tests run without a database.
const base = {
  testEnvironment: 'node',
  roots: ['<rootDir>/dist/test'],
  transform: {},
  // Suites of one process share their modules.
  testRunner: '<rootDir>/dist/test/runner/run-suite.js',
};
const withoutDatabase = ['**/*.unit.test.js', '**/test/architecture/**/*.test.js'];

export default {
  maxWorkers: process.env.JEST_MAX_WORKERS ?? 2,
  testSequencer: '<rootDir>/dist/test/runner/longest-first.js',
  // Tests wait for states, however busy the machine is; this ends what would never come.
  testTimeout: 180_000,
  // Modules and what V8 has compiled of them take half of it.
  workerIdleMemoryLimit: '1.2GB',
  // A worker that holds nothing any more still gives back its memory: beyond half a second on a busy machine. What leaks stays.
  workerGracefulExitTimeout: 15_000,
  projects: [
    { ...base, displayName: 'unit', testMatch: withoutDatabase },
    {
      ...base,
      displayName: 'database',
      testMatch: ['**/*.test.js', ...withoutDatabase.map((pattern) => `!${pattern}`)],
      globalSetup: '<rootDir>/dist/test/support/global-setup.js',
      globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
    },
  ],
};
