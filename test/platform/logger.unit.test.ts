import { describe, expect, test } from '@jest/globals';
import { createLogger, withRequestId } from '../../src/platform/logger.js';

function recorder(format: 'json' | 'pretty' = 'json') {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', format }, { write: (line) => void lines.push(line) });
  return { lines, log, last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

const sentinel = 'SENTINEL-4711';

describe('redaction', () => {
  test('P05 no secret or personal field reaches the log, at any depth, in any spelling', () => {
    const names = [
      'password',
      'newPassword',
      'password_hash',
      'token',
      'accessToken',
      'secret',
      'client-secret',
      'authorization',
      'Cookie',
      'set-cookie',
      'email',
      'newEmail',
      'ip',
      'remoteAddress',
      'x-forwarded-for',
      'SMTP_URL',
      'databaseUrl',
      'serverKey',
      'caption',
      'content',
      'text',
      'searchText',
      'variables',
      'ciphertext',
      'userAgent',
      'sealedSeed',
    ];
    for (const name of names) {
      const { log, lines, last } = recorder();
      log.info(
        { [name]: sentinel, request: { headers: [{ [name]: { inner: sentinel } }] } },
        'signed in',
      );
      log
        .child({ job: 1 })
        .child({ [name]: sentinel })
        .warn('by a child');
      expect(lines).toHaveLength(2);
      expect(lines.join('')).not.toContain(sentinel);
      expect(last().msg).toBe('by a child');
    }
  });

  test('P05 mail addresses, bearer tokens and passwords in URLs are masked inside any text', () => {
    const { log, lines } = recorder();
    const error = Object.assign(
      new Error(`no such mailbox ${sentinel}@mail.example`, {
        cause: new Error(`Bearer ${sentinel}`),
      }),
      {
        detail: `Key (email)=(${sentinel})`,
        parameters: [sentinel],
        code: '23505',
      },
    );
    log.error(error, `cannot reach smtps://name:${sentinel}@mail.example`);
    log.error(`token trs_${sentinel}_${'x'.repeat(30)}`);
    log.error({ err: error, address: `postgres://u:${sentinel}@db/x` });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(sentinel);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({
      err: { type: 'Error', code: '23505', cause: { type: 'Error' } },
    });
  });

  test('ids, handles and plain facts stay readable', () => {
    const { log, last } = recorder();
    log.info(
      {
        tokenId: 'tok_1',
        emailVerified: true,
        handle: '@ada@a.example',
        bytes: 7n,
        at: new Date(0),
      },
      'told @ben@b.example',
    );
    expect(last()).toMatchObject({
      tokenId: 'tok_1',
      emailVerified: true,
      handle: '@ada@a.example',
      bytes: '7',
      at: '1970-01-01T00:00:00.000Z',
      msg: 'told @ben@b.example',
    });
  });
});

describe('lines', () => {
  test('a line is one JSON object with time and level in words', () => {
    const { log, lines, last } = recorder();
    log.warn({ jobs: 3 }, 'queue is slow');
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      jobs: 3,
      msg: 'queue is slow',
    });
  });

  test('the request id is on every line of a request, also after an await, and on no other', async () => {
    const { log, lines } = recorder();
    await Promise.all(
      ['req-1', 'req-2'].map((id) =>
        withRequestId(id, async () => {
          await new Promise(setImmediate);
          log.info(`for ${id}`);
        }),
      ),
    );
    log.info('for nobody');
    const seen = lines
      .map((line) => JSON.parse(line))
      .map(({ msg, requestId }) => [msg, requestId]);
    expect(seen).toEqual([
      ['for req-1', 'req-1'],
      ['for req-2', 'req-2'],
      ['for nobody', undefined],
    ]);
  });

  test('lines below the level are dropped', () => {
    const lines: string[] = [];
    createLogger(
      { level: 'error', format: 'json' },
      { write: (line) => void lines.push(line) },
    ).info('chatter');
    expect(lines).toEqual([]);
  });

  test('the pretty format is one readable line, with the stack of an error below', () => {
    const { log, lines } = recorder('pretty');
    log.info({ port: 8080, place: 'the cellar' }, 'listening');
    log.error(new Error('broken'), 'stopped');
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} INFO  listening port=8080 place="the cellar"\n$/,
    );
    expect(lines[1]).toMatch(/ERROR stopped\nError: broken\n {4}at /);
  });
});
