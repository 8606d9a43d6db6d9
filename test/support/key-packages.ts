// Key packages as another implementation of MLS makes them, and the keys that they are made with.
import sodium from 'libsodium-wrappers';
import { getCiphersuiteFromName, type Capabilities, type CiphersuiteImpl } from 'ts-mls';
import { encodeKeyPackage, generateKeyPackageWithKey } from 'ts-mls/keyPackage.js';
import { sodiumProvider } from '../../sdk/src/mls/sodium-provider.js';

/** An Ed25519 key. */
export interface TestKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** A new key. */
export async function newKey(): Promise<TestKey> {
  await sodium.ready;
  return sodium.crypto_sign_keypair();
}

/** A signature. */
export function signed({ privateKey }: TestKey, message: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(message, privateKey);
}

/** Bytes in base64. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** How a key package differs from a usual one. */
export interface Oddities {
  readonly suite?: 1 | 3;
  readonly capabilities?: Partial<Capabilities>;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const SUITES = {
  1: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
  3: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519',
} as const;

const DAY = 86_400_000;

/** The cryptography of a suite, as the client package has it. */
export function suiteOfNumber(suite: 1 | 3 = 1): Promise<CiphersuiteImpl> {
  return sodiumProvider.getCiphersuiteImpl(getCiphersuiteFromName(SUITES[suite]));
}

/** A key package of a device of an actor, bare. */
export async function makeKeyPackage(
  actorUri: string,
  key: TestKey,
  now: Date,
  { suite = 1, capabilities, notBefore, notAfter }: Oddities = {},
): Promise<Buffer> {
  const seconds = (date: Date): bigint => BigInt(Math.floor(date.getTime() / 1000));
  const { publicPackage } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: Buffer.from(actorUri) },
    {
      versions: ['mls10'],
      ciphersuites: [SUITES[suite]],
      extensions: [],
      proposals: [],
      credentials: ['basic'],
      ...capabilities,
    },
    {
      notBefore: seconds(notBefore ?? new Date(now.getTime() - DAY)),
      notAfter: seconds(notAfter ?? new Date(now.getTime() + 90 * DAY)),
    },
    [],
    // The provider signs with the seed, which libsodium keeps before the public key.
    { signKey: key.privateKey.subarray(0, 32), publicKey: key.publicKey },
    await suiteOfNumber(suite),
  );
  return Buffer.from(encodeKeyPackage(publicPackage));
}

/** A key package as an MLSMessage. */
export function wrapped(keyPackage: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0, 1, 0, 5]), keyPackage]);
}
