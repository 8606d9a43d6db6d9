/** What key packages that are known here are of, as servers name devices to each other. */
import { statement, type Reader } from '../platform/db/database.js';

/** A key package and its device. */
export interface DescribedKeyPackage {
  readonly ref: Buffer;
  readonly actorUri: string;
  readonly signatureKey: Buffer;
}

const DESCRIBE = statement(
  'chat_key_packages.describe',
  `select package.ref, a.uri as "actorUri", device.signature_key as "signatureKey" from chat_key_packages package
     join chat_devices device on device.id = package.device_id join actors a on a.id = device.actor_id
   where package.ref = any($1::bytea[])`,
);

/** Those of several that were handed out or claimed here. */
export function describeKeyPackageRefs(
  reader: Reader,
  refs: readonly Uint8Array[],
): Promise<DescribedKeyPackage[]> {
  return reader.rows<DescribedKeyPackage>(DESCRIBE, [refs]);
}
