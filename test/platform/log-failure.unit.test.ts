// What the log says of failed jobs.
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { OutsideUnavailable } from '../../src/platform/outside-unavailable.js';
import { logFailure } from '../../src/platform/jobs/log-failure.js';

function linesOf(error: unknown): Record<string, unknown>[] {
  const lines: string[] = [];
  logFailure(pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }), error);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test.each([
  ['NETWORK', new OutsideUnavailable('NETWORK', 'getaddrinfo ENOTFOUND news.example')],
  ['ECONNREFUSED', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
])('%s is one line of warning without a stack', (failure, error) => {
  expect(linesOf(error)).toEqual([
    { level: 40, failure, msg: 'job failed: somebody else is out of reach' },
  ]);
});

test.each([new Error('a fault'), Object.assign(new Error('sql'), { code: '23505' })])(
  'a fault (%s) comes with its stack',
  (error) => {
    expect(linesOf(error)).toEqual([
      {
        level: 50,
        err: expect.objectContaining({ stack: expect.stringContaining('    at ') }),
        msg: 'job failed',
      },
    ]);
  },
);
