/** Key packages that a device hands in, read and checked. */
import { Invalid } from '../../platform/errors.js';
import { MalformedBytes } from '../../mls/byte-reader.js';
import { flawOf, KEY_PACKAGE_FLAWS, type KeyPackageOwner } from '../../mls/check-key-package.js';
import { keyPackageRef, readKeyPackage, type KeyPackageFacts } from '../../mls/key-package.js';

/** A key package that a device hands in. */
export interface OfferedKeyPackage {
  /** Bare, or as an MLSMessage. */
  readonly bytes: Uint8Array;
  readonly isLastResort: boolean;
}

/** A key package that is sound. */
export interface SoundKeyPackage extends OfferedKeyPackage {
  readonly ref: Buffer;
  readonly ciphersuite: number;
  readonly expiresAt: Date;
}

/**
 * Reads a key package and checks whose it is.
 *
 * @throws {Invalid} INVALID_INPUT, whose constraint names the flaw
 */
export async function readPackage(
  { bytes, isLastResort }: OfferedKeyPackage,
  owner: KeyPackageOwner,
  path: readonly string[],
): Promise<SoundKeyPackage> {
  const facts = decode(bytes, path);
  const flaw = await flawOf(facts, owner);
  if (flaw) throw new Invalid(KEY_PACKAGE_FLAWS[flaw], path, flaw);
  return {
    bytes: facts.bytes,
    isLastResort,
    ref: keyPackageRef(facts.bytes),
    ciphersuite: facts.ciphersuite,
    expiresAt: new Date(Number(facts.notAfter) * 1000),
  };
}

function decode(bytes: Uint8Array, path: readonly string[]): KeyPackageFacts {
  try {
    return readKeyPackage(bytes);
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
    throw new Invalid('These bytes are no key package of MLS.', path, 'KEY_PACKAGE');
  }
}
