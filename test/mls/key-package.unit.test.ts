// Reading key packages: what another implementation makes, and nothing that is cut, changed or made up.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeKeyPackageRef, decodeKeyPackage } from 'ts-mls/keyPackage.js';
import { ByteReader, MalformedBytes, writeVector } from '../../src/mls/byte-reader.js';
import { flawOf, type KeyPackageOwner } from '../../src/mls/check-key-package.js';
import { keyPackageRef, readKeyPackage } from '../../src/mls/key-package.js';
import {
  makeKeyPackage,
  newKey,
  suiteOfNumber,
  wrapped,
  type TestKey,
} from '../support/key-packages.js';

const URI = 'https://here.example/users/ada';
const NOW = new Date('2026-03-01T12:00:00.000Z');
const YEAR = 365 * 86_400_000;

let key: TestKey;
let owner: KeyPackageOwner;
let bytes: Buffer;

beforeAll(async () => {
  key = await newKey();
  owner = { actorUri: URI, signatureKey: key.publicKey, now: NOW };
  bytes = await makeKeyPackage(URI, key, NOW);
});

test('a key package is read as it was made, bare and as a message', async () => {
  const facts = readKeyPackage(bytes);
  expect(facts).toMatchObject({ ciphersuite: 1, bytes, leafExtensions: [] });
  expect(Buffer.from(facts.identity!).toString()).toBe(URI);
  expect(Buffer.from(facts.signatureKey)).toEqual(Buffer.from(key.publicKey));
  expect(facts.capabilities).toEqual({
    versions: [1],
    ciphersuites: [1],
    extensions: [],
    proposals: [],
    credentials: [1],
  });
  expect(await flawOf(facts, owner)).toBeNull();
  expect(readKeyPackage(wrapped(bytes)).bytes).toEqual(bytes);
});

test('its ref is the one by which a Welcome calls it', async () => {
  const [made] = decodeKeyPackage(bytes, 0)!;
  const { hash } = await suiteOfNumber();
  expect(keyPackageRef(bytes)).toEqual(Buffer.from(await makeKeyPackageRef(made, hash)));
});

describe('T14: a key package is refused', () => {
  const flawWith = async (
    oddities: Parameters<typeof makeKeyPackage>[3],
    change: Partial<KeyPackageOwner> = {},
  ) =>
    flawOf(readKeyPackage(await makeKeyPackage(URI, key, NOW, oddities)), { ...owner, ...change });

  test('when it is of another suite', async () => {
    expect(await flawWith({ suite: 3 })).toBe('CIPHERSUITE');
  });

  test('E05 when it names somebody else', async () => {
    expect(await flawWith({}, { actorUri: `${URI}n` })).toBe('CREDENTIAL');
  });

  test('E05 when it is of another device', async () => {
    expect(await flawWith({}, { signatureKey: (await newKey()).publicKey })).toBe('SIGNATURE_KEY');
  });

  test('when it does not say what it understands', async () => {
    const capabilities = { ciphersuites: ['MLS_128_DHKEMP256_AES128GCM_SHA256_P256' as const] };
    expect(await flawWith({ capabilities })).toBe('CAPABILITIES');
    expect(await flawWith({ capabilities: { credentials: [] } })).toBe('CAPABILITIES');
  });

  test('when it has expired, is of the future, or lasts for ever', async () => {
    expect(await flawWith({ notAfter: NOW })).toBe('LIFETIME');
    expect(await flawWith({ notBefore: new Date(NOW.getTime() + YEAR / 365) })).toBe('LIFETIME');
    expect(await flawWith({ notAfter: new Date(NOW.getTime() + 2 * YEAR) })).toBe('LIFETIME');
    expect(await flawWith({ notAfter: new Date(NOW.getTime() + YEAR) })).toBeNull();
  });

  test('when another key has signed it', async () => {
    const forger = { publicKey: key.publicKey, privateKey: (await newKey()).privateKey };
    const forged = readKeyPackage(await makeKeyPackage(URI, forger, NOW));
    expect(await flawOf(forged, owner)).toBe('SIGNATURE');
  });
});

test('T9: of a key package that was cut or lengthened nothing is read', () => {
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readKeyPackage(bytes.subarray(0, length))).toThrow(MalformedBytes);
    expect(() => readKeyPackage(wrapped(bytes.subarray(0, length)))).toThrow(MalformedBytes);
  }
  expect(() => readKeyPackage(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(MalformedBytes);
  expect(() => readKeyPackage(Buffer.alloc(5000))).toThrow(MalformedBytes);
});

test('T9: no changed bit goes unnoticed', async () => {
  for (let place = 0; place < bytes.length; place++) {
    const changed = Buffer.from(bytes);
    changed[place]! ^= 1 << (place % 8);
    expect(await verdictOn(changed)).not.toBeNull();
  }
});

test('E16 T9: what is made up is refused, and nothing else happens', async () => {
  const random = seeded(20260301);
  for (let round = 0; round < 20_000; round++) {
    const made = Buffer.from(bytes.subarray(0, random(bytes.length + 1)));
    for (let change = random(8); change >= 0 && made.length > 0; change--)
      made[random(made.length)] = random(256);
    if (!made.equals(bytes)) expect(await verdictOn(made)).not.toBeNull();
  }
});

test('lengths are read in their shortest form only', () => {
  for (const length of [0, 63, 64, 16_383, 16_384, 70_000]) {
    const written = writeVector(Buffer.alloc(length, 7));
    const reader = new ByteReader(written);
    expect(reader.vector()).toHaveLength(length);
    expect(reader.isAtEnd).toBe(true);
  }
  for (const hex of ['4001ff', '8000000101', 'c000000000000000', '80003fff'])
    expect(() => new ByteReader(Buffer.from(hex, 'hex')).vector()).toThrow(MalformedBytes);
});

/** What is wrong with bytes; null = nothing. */
async function verdictOn(changed: Uint8Array): Promise<string | null> {
  try {
    return await flawOf(readKeyPackage(changed), owner);
  } catch (error) {
    if (error instanceof MalformedBytes) return 'MALFORMED';
    throw error;
  }
}

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
