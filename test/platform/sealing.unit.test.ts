import { describe, expect, test } from '@jest/globals';
import { SealingError, keyFingerprint, openSealer } from '../../src/platform/sealing.js';

const key = new Uint8Array(32).fill(7);
const otherKey = new Uint8Array(32).fill(8);
const secret = new TextEncoder().encode('a secret with ünïcode');

describe('sealing', () => {
  test('what was sealed comes back unchanged, and never twice as the same text', async () => {
    const sealer = await openSealer(key);
    const sealed = [
      sealer.seal(secret, 'a'),
      sealer.seal(secret, 'a'),
      sealer.seal(new Uint8Array(), 'a'),
    ];
    expect(new Set(sealed).size).toBe(3);
    expect(sealed.map((text) => Buffer.from(sealer.unseal(text, 'a')).toString())).toEqual([
      'a secret with ünïcode',
      'a secret with ünïcode',
      '',
    ]);
    expect(sealed[0]).toMatch(/^v1\.[0-9a-f]{16}\.[\w-]+$/);
  });

  test('a sealed text moved to another place is refused', async () => {
    const sealer = await openSealer(key);
    expect(() => sealer.unseal(sealer.seal(secret, 'account:1'), 'account:2')).toThrow(
      SealingError,
    );
  });

  test('any changed byte is noticed', async () => {
    const sealer = await openSealer(key);
    const [version, fingerprint, body = ''] = sealer.seal(secret, 'a').split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1;
      expect(() =>
        sealer.unseal([version, fingerprint, changed.toString('base64url')].join('.'), 'a'),
      ).toThrow(SealingError);
    }
  });

  test('another server key is named in the refusal, and text of another version is not tried', async () => {
    const sealed = (await openSealer(key)).seal(secret, 'a');
    const stranger = await openSealer(otherKey);
    expect(() => stranger.unseal(sealed, 'a')).toThrow(await keyFingerprint(key));
    expect(() => stranger.unseal(sealed.replace('v1', 'v2'), 'a')).toThrow('known version');
    expect(() => stranger.unseal('', 'a')).toThrow('known version');
  });

  test('derived keys differ by purpose and by server key, and are the same every time', async () => {
    const sealer = await openSealer(key);
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const media = hex(sealer.deriveKey('media-url'));
    expect(media).toHaveLength(64);
    expect(hex((await openSealer(key)).deriveKey('media-url'))).toBe(media);
    expect(hex(sealer.deriveKey('token-hash'))).not.toBe(media);
    expect(hex((await openSealer(otherKey)).deriveKey('media-url'))).not.toBe(media);
  });

  test('the derivation is fixed, so that existing data stay readable', async () => {
    const sealer = await openSealer(key);
    expect(sealer.keyFingerprint).toBe('773de7885adbba6e');
    expect(
      Buffer.from(
        sealer.unseal(
          'v1.773de7885adbba6e.o7nOb9yQ_NMPbJjM2CopsTgqBTQqhsnogmzL_fqsx_oaz-yG4a8S9CZE6zc',
          'fixed',
        ),
      ).toString(),
    ).toBe('kept');
  });

  test('a key of another length is refused', async () => {
    await expect(openSealer(new Uint8Array(16))).rejects.toThrow('32 bytes, not 16');
  });
});
