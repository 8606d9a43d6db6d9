import { describe, expect, it } from '@jest/globals';
import {
  attest,
  fingerprint,
  isAttested,
  keyPairOf,
  newKeyPair,
  safetyNumber,
} from '../../sdk/src/chat/identity.js';

const ADA = 'https://a.example/users/ada';

describe('identities', () => {
  it('attest their devices, and no other device, person or moment', async () => {
    const [identity, device, other] = [await newKeyPair(), await newKeyPair(), await newKeyPair()];
    const about = { actorUri: ADA, attestedAt: '2026-03-01T12:00:00.000Z' };
    const { attestation } = attest(about, identity, device);
    const all = { ...about, identityKey: identity.publicKey, signatureKey: device.publicKey };
    expect(isAttested(all, attestation)).toBe(true);
    const lies = [
      { actorUri: 'https://a.example/users/adam' },
      { attestedAt: '2026-03-01T12:00:00.001Z' },
      { signatureKey: other.publicKey },
      { identityKey: other.publicKey },
    ];
    for (const lie of lies) expect(isAttested({ ...all, ...lie }, attestation)).toBe(false);
    expect(isAttested(all, attestation.slice(1))).toBe(false);
  });

  it('T13: the safety number is the same for both, and another one when a key is swapped', async () => {
    const ada = { uri: ADA, key: (await newKeyPair()).publicKey };
    const ben = { uri: 'https://b.example/users/ben', key: (await newKeyPair()).publicKey };
    const number = safetyNumber(ada, ben);
    expect(number).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(safetyNumber(ben, ada)).toBe(number);
    const swapped = { ...ben, key: (await newKeyPair()).publicKey };
    expect(safetyNumber(ada, swapped)).not.toBe(number);
  });

  it('have known digits', async () => {
    await newKeyPair();
    const { publicKey } = keyPairOf(Buffer.alloc(32, 1));
    const again = keyPairOf(Buffer.alloc(32, 1)).publicKey;
    expect(fingerprint(publicKey)).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(fingerprint(again)).toBe(fingerprint(publicKey));
  });
});
