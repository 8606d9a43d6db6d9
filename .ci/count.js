// Counts jest's result: node count.js <result.json> [--again=<result.json>] [<step>=passed|failed ...]. The last line is
// "N passed, N failed"; a test file that could not be loaded counts as one failure, and so does each failed step. Nothing
// run is a failure. Files that were run again count as they ended then, and what failed only the first time is named.
import { readFileSync } from 'node:fs';

const [file, ...words] = process.argv.slice(2);
const again = words.find((word) => word.startsWith('--again='))?.slice('--again='.length);
const steps = words.filter((word) => !word.startsWith('--'));
const first = read(file);
const second = again ? read(again) : {};
const result = merge(first, second);
const failedSteps = steps.filter((step) => !step.endsWith('=passed'));
const { numPassedTests: passed = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = result;
const seen = numFailedTests + numRuntimeErrorTestSuites;
// A failed test is why jest's own step failed; it is not counted twice.
const further = failedSteps.filter((step) => seen === 0 || !step.startsWith('tests=')).length;
const failed = seen + further + (passed + seen + further === 0 ? 1 : 0);

for (const step of failedSteps) console.log(step.replace('=', ': '));
const failedAtLast = failedNames(result);
for (const name of failedNames(first))
  if (!failedAtLast.includes(name)) console.log(`unsteady: ${name}`);
for (const name of failedAtLast) console.log(`failed: ${name}`);
const left = (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0);
if (left > 0) console.log(`${left} skipped`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/** The first run, with the files of the second as they ended there. */
function merge(before, after) {
  if (!after.testResults?.length) return before;
  const names = new Set(after.testResults.map(({ name }) => name));
  const kept = before.testResults.filter(({ name }) => !names.has(name));
  const testResults = [...kept, ...after.testResults];
  const all = testResults.flatMap(({ assertionResults = [] }) => assertionResults);
  const countOf = (status) => all.filter((assertion) => assertion.status === status).length;
  return {
    testResults,
    numPassedTests: countOf('passed'),
    numFailedTests: countOf('failed'),
    numRuntimeErrorTestSuites: testResults.filter(isUnloadable).length,
    numPendingTests: countOf('pending'),
    numTodoTests: countOf('todo'),
  };
}

function isUnloadable({ status, assertionResults = [] }) {
  return (
    status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed')
  );
}

function failedNames({ testResults = [] }) {
  return testResults.flatMap((suite) => {
    const { name, assertionResults = [] } = suite;
    const tests = assertionResults.filter((assertion) => assertion.status === 'failed');
    return isUnloadable(suite) ? [name] : tests.map(({ fullName }) => `${name} ${fullName}`);
  });
}
