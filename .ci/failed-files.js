// The test files that failed, by jest's result, one in a line: node failed-files.js <result.json>.
import { readFileSync } from 'node:fs';

let testResults = [];
try {
  ({ testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8')));
} catch {
  // Jest wrote nothing: there is nothing to run again.
}
for (const { name, status } of testResults) if (status === 'failed') console.log(name);
