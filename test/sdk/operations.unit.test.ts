import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('the operations of the client package are those of the schema', async () => {
  const checked = promisify(execFile)(process.execPath, ['tools/sdk-operations.js', '--check']);
  await expect(checked).resolves.toMatchObject({ stderr: '' });
});
