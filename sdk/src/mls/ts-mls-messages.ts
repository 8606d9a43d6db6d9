/** Reading bytes of MLS wholly or not at all. */
import { decodeMlsMessage, type CiphersuiteImpl, type Decoder, type MLSMessage } from 'ts-mls';
import {
  decodeKeyPackage,
  makeKeyPackageRef,
  verifyKeyPackage,
  type KeyPackage,
} from 'ts-mls/keyPackage.js';
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { MlsRefusal, type KeyPackageFacts, type MessageHeader } from './engine.js';
import { SUITE_NAME } from './ts-mls-config.js';
import { identityOf } from './ts-mls-group.js';
import { requireCapable } from './ts-mls-policy.js';

/** What a decoder makes of all the bytes. @throws {MlsRefusal} */
export function whole<Value>(decode: Decoder<Value>, bytes: Uint8Array): Value {
  const value = tryWhole(decode, bytes);
  if (value === null) throw new MlsRefusal('The bytes are not what they should be.');
  return value;
}

function tryWhole<Value>(decode: Decoder<Value>, bytes: Uint8Array): Value | null {
  try {
    const [value, length] = decode(bytes, 0) ?? [];
    return value !== undefined && length === bytes.length ? value : null;
  } catch {
    return null;
  }
}

/** A message of this kind. @throws {MlsRefusal} for any other */
export function readMessage<Kind extends MLSMessage['wireformat']>(
  bytes: Uint8Array,
  kind: Kind,
): Extract<MLSMessage, { readonly wireformat: Kind }> {
  const message = whole(decodeMlsMessage, bytes);
  if (message.wireformat !== kind) throw new MlsRefusal(`Not a message of the kind ${kind}.`);
  return message as Extract<MLSMessage, { readonly wireformat: Kind }>;
}

/** What stands on the outside of a message. @throws {MlsRefusal} */
export function headerOf(bytes: Uint8Array): MessageHeader {
  const message = whole(decodeMlsMessage, bytes);
  switch (message.wireformat) {
    case 'mls_private_message': {
      const { contentType, groupId, epoch } = message.privateMessage;
      return { kind: contentType, groupId, epoch };
    }
    case 'mls_public_message': {
      const { contentType, groupId, epoch } = message.publicMessage.content;
      return { kind: contentType, groupId, epoch };
    }
    case 'mls_welcome':
      return { kind: 'welcome', groupId: null, epoch: null };
    case 'mls_group_info': {
      const { groupId, epoch } = message.groupInfo.groupContext;
      return { kind: 'groupInfo', groupId, epoch };
    }
    case 'mls_key_package':
      return { kind: 'keyPackage', groupId: null, epoch: null };
  }
}

/** A key package, raw as clients of the fediverse send it, or wrapped as the draft has it. @throws {MlsRefusal} */
export async function requireKeyPackage(
  bytes: Uint8Array,
  suite: CiphersuiteImpl,
): Promise<KeyPackageFacts> {
  const read =
    tryWhole(decodeKeyPackage, bytes) ?? readMessage(bytes, 'mls_key_package').keyPackage;
  if (read.cipherSuite !== SUITE_NAME) throw new MlsRefusal('A key package of another suite.');
  requireCapable(read.leafNode);
  const isSigned =
    (await verifyKeyPackage(read, suite.signature)) &&
    (await verifyLeafNodeSignatureKeyPackage(read.leafNode, suite.signature));
  if (!isSigned) throw new MlsRefusal('A key package whose signature is wrong.');
  return factsOf(read, suite);
}

async function factsOf(read: KeyPackage, suite: CiphersuiteImpl): Promise<KeyPackageFacts> {
  const { leafNode } = read;
  return {
    identity: identityOf(leafNode),
    signatureKey: leafNode.signaturePublicKey,
    ref: await makeKeyPackageRef(read, suite.hash),
    notAfter: new Date(Number(leafNode.lifetime.notAfter) * 1000),
  };
}
