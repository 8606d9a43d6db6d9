// Counts jest's result: node count.js <result.json> [<step>=passed|failed ...]. The last line is "N passed, N failed";
// a test file that could not be loaded counts as one failure, and so does each failed step. Nothing run is a failure.
import { readFileSync } from 'node:fs';

const [file, ...steps] = process.argv.slice(2);
const result = read(file);
const failedSteps = steps.filter((step) => !step.endsWith('=passed'));
const { numPassedTests: passed = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = result;
const seen = numFailedTests + numRuntimeErrorTestSuites;
// A failed test is why jest's own step failed; it is not counted twice.
const further = failedSteps.filter((step) => seen === 0 || !step.startsWith('tests=')).length;
const failed = seen + further + (passed + seen + further === 0 ? 1 : 0);

for (const step of failedSteps) console.log(step.replace('=', ': '));
for (const name of failedNames(result)) console.log(`failed: ${name}`);
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

function failedNames({ testResults = [] }) {
  return testResults.flatMap(({ name, status, assertionResults = [] }) => {
    const tests = assertionResults.filter((assertion) => assertion.status === 'failed');
    const isUnloadable = status === 'failed' && tests.length === 0;
    return isUnloadable ? [name] : tests.map(({ fullName }) => `${name} ${fullName}`);
  });
}
