// Mail without an SMTP server: the administrator finds the letter in the log.
import { expect, test } from '@jest/globals';
import { createLogger } from '../../src/platform/logger.js';
import { createMailer } from '../../src/platform/mail.js';

test('A13 without an SMTP server the log holds the letter with its link, and not the address', async () => {
  const lines: string[] = [];
  const log = createLogger(
    { level: 'info', format: 'json' },
    { write: (line) => void lines.push(line) },
  );
  const mailer = createMailer({ url: null, from: 'no-reply@a.example' }, log);
  const link = 'https://a.example/account/reset-password#abcDEF-_123';
  await mailer.send({
    to: 'ada@people.example',
    subject: 'Choose a new password',
    text: `Hello @ada@a.example,\n\n${link}\n`,
  });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'warn',
    subject: 'Choose a new password',
    letter: `Hello @ada@a.example,\n\n${link}\n`,
  });
  expect(lines[0]).not.toContain('people.example');
});
