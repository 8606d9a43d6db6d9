/** The official vectors of the MLS working group, which stay where they are: `MLS_VECTORS`, or beside the project. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  getCiphersuiteFromName,
  type CiphersuiteImpl,
  type CiphersuiteName,
  type Decoder,
} from 'ts-mls';
import { sodiumProvider } from '../../sdk/src/mls/sodium-provider.js';

const DIRECTORY = process.env['MLS_VECTORS'] ?? path.resolve('../shared/data/mls-vectors');

/** Whether they are there. */
export const hasVectors = existsSync(DIRECTORY);
if (!hasVectors) console.warn(`No official vectors in ${DIRECTORY}: they are not tried.`);

/** Suites of the provider, by code point. */
const SUITES: Readonly<Record<number, CiphersuiteName>> = {
  1: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
  3: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519',
};

/** The cases of one file that concern suites of ours, with their place in the file. */
export function vectorsOf<Vector extends { readonly cipher_suite: number }>(
  file: string,
): readonly (readonly [index: number, vector: Vector])[] {
  return allVectorsOf<Vector>(file).filter(([, { cipher_suite }]) => cipher_suite in SUITES);
}

/** The cases of one file, with their place in the file. */
export function allVectorsOf<Vector>(
  file: string,
): readonly (readonly [index: number, vector: Vector])[] {
  if (!hasVectors) return [];
  const text = gunzipSync(readFileSync(path.join(DIRECTORY, `${file}.json.gz`))).toString();
  return (JSON.parse(text) as Vector[]).map((vector, index) => [index, vector] as const);
}

/** The cryptography of a suite. */
export function suiteOf({
  cipher_suite,
}: {
  readonly cipher_suite: number;
}): Promise<CiphersuiteImpl> {
  return sodiumProvider.getCiphersuiteImpl(getCiphersuiteFromName(SUITES[cipher_suite]!));
}

/** The name of a suite, as contexts of groups carry it. */
export const suiteNameOf = (vector: { readonly cipher_suite: number }): CiphersuiteName =>
  SUITES[vector.cipher_suite]!;

/** What a decoder makes of hexadecimal digits. @throws when it makes nothing, or leaves something over */
export function decoded<Value>(decode: Decoder<Value>, digits: string): Value {
  const whole = bytes(digits);
  const [value, length] = decode(whole, 0) ?? [];
  if (value === undefined || length !== whole.length) throw new Error('does not decode wholly');
  return value;
}

/** Bytes of hexadecimal digits. */
export const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** Hexadecimal digits of bytes. */
export const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
