import { describe, expect, test } from '@jest/globals';
import { SOFTWARE } from '../../src/platform/software.js';
import { triptych } from '../support/triptych-command.js';

describe('config check', () => {
  test('a valid environment is said to be valid, with exit code 0', async () => {
    expect(await triptych(['config', 'check'])).toEqual({
      code: 0,
      stdout: 'The configuration is valid.\n',
      stderr: '',
    });
  });

  test('an invalid environment is listed on standard error, with exit code 1', async () => {
    const { code, stdout, stderr } = await triptych(['config', 'check'], {
      PORT: 'x',
      DATABASE_URL: 'mysql://root:hush@db',
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      'The configuration is not valid:',
      '  PORT=x must be a whole number from 0 to 65535',
      '  DATABASE_URL=******** must be a URL postgres://… or postgresql://…',
    ]);
  });

  test('programs get the problems as JSON', async () => {
    const { code, stdout } = await triptych(['config', 'check', '--json'], { ROLE: 'boss' });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      problems: [{ variable: 'ROLE', given: 'boss', rule: 'must be one of all, web, worker' }],
    });
  });
});

describe('config explain', () => {
  test('a variable is explained with its value here, and a secret one without', async () => {
    const { stdout } = await triptych(['config', 'explain', 'port'], { PORT: '9000' });
    expect(stdout).toMatch(/^PORT +Port on which .*\n.*0 to 65535\.\ndefault +8080\nhere +9000\n/s);
    const secret = await triptych(['config', 'explain', 'SMTP_URL', '--json'], {
      SMTP_URL: 'smtp://name:hush@mail.example',
    });
    expect(JSON.parse(secret.stdout)).toMatchObject({
      name: 'SMTP_URL',
      secret: true,
      value: '********',
    });
  });

  test('a name that does not exist gets the closest one', async () => {
    expect(await triptych(['config', 'explain', 'PUBLIC_URI'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no variable PUBLIC_URI; did you mean PUBLIC_URL?\n',
    });
    expect((await triptych(['config', 'explain', 'NOPE'])).stderr).toBe(
      'There is no variable NOPE; `triptych config explain` lists all\n',
    );
  });
});

test('the version is that of the package', async () => {
  expect(await triptych(['--version'])).toEqual({
    code: 0,
    stdout: `${SOFTWARE.version}\n`,
    stderr: '',
  });
});

test('an unknown command is refused', async () => {
  expect(await triptych(['frobnicate'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("unknown command 'frobnicate'"),
  });
});
