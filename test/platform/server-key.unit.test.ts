import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keyFingerprint } from '../../src/platform/sealing.js';
import { ServerKeyError, loadServerKey, serverKeyPath } from '../../src/platform/server-key.js';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-key-'));
});
afterEach(() => rmSync(dataDirectory, { recursive: true, force: true }));

const configured = Buffer.alloc(32, 5);

describe('first start', () => {
  test('a key of 32 bytes is made, readable by this account alone, and kept', async () => {
    const key = await loadServerKey({ dataDirectory, serverKey: null });
    expect(key).toHaveLength(32);
    expect(statSync(serverKeyPath(dataDirectory)).mode & 0o777).toBe(0o600);
    expect(await loadServerKey({ dataDirectory, serverKey: null })).toEqual(key);
    expect(readdirSync(dataDirectory)).toEqual(['server.key']);
  });

  test('processes that start together agree on one key', async () => {
    const keys = await Promise.all(
      Array.from({ length: 8 }, () => loadServerKey({ dataDirectory, serverKey: null })),
    );
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(readdirSync(dataDirectory)).toEqual(['server.key']);
  });

  test('a key from the environment is used and not written down', async () => {
    expect(
      await loadServerKey({ dataDirectory, serverKey: configured.toString('base64url') }),
    ).toEqual(configured);
    expect(readdirSync(dataDirectory)).toEqual([]);
  });
});

describe('refusals', () => {
  test('R23 data without their key stop the start, and no new key is made', async () => {
    const expectedFingerprint = await keyFingerprint(configured);
    await expect(
      loadServerKey({ dataDirectory, serverKey: null, expectedFingerprint }),
    ).rejects.toThrow(expectedFingerprint);
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  test('R23 another key than the one of the data stops the start', async () => {
    await loadServerKey({ dataDirectory, serverKey: null });
    const expectedFingerprint = await keyFingerprint(configured);
    await expect(
      loadServerKey({ dataDirectory, serverKey: null, expectedFingerprint }),
    ).rejects.toThrow('Put the right key back');
    await expect(
      loadServerKey({
        dataDirectory: path.join(dataDirectory, 'empty'),
        serverKey: configured.toString('base64'),
        expectedFingerprint,
      }),
    ).resolves.toEqual(configured);
  });

  test('a key file that others may read is refused with the command that repairs it', async () => {
    await loadServerKey({ dataDirectory, serverKey: null });
    const file = serverKeyPath(dataDirectory);
    chmodSync(file, 0o644);
    await expect(loadServerKey({ dataDirectory, serverKey: null })).rejects.toThrow(
      `0644, so that others may read it. Run: chmod 600 ${file}`,
    );
    chmodSync(file, 0o600);
    await expect(loadServerKey({ dataDirectory, serverKey: null })).resolves.toHaveLength(32);
  });

  test.each([
    '',
    'short',
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
  ])('a key file that holds %j is refused and not replaced', async (content) => {
    writeFileSync(serverKeyPath(dataDirectory), content, { mode: 0o600 });
    await expect(loadServerKey({ dataDirectory, serverKey: null })).rejects.toThrow(ServerKeyError);
    expect(readFileSync(serverKeyPath(dataDirectory), 'utf8')).toBe(content);
  });

  test('two different keys in the environment and in the file are refused', async () => {
    await loadServerKey({ dataDirectory, serverKey: null });
    await expect(
      loadServerKey({ dataDirectory, serverKey: configured.toString('base64') }),
    ).rejects.toThrow('differs from the key');
  });
});
