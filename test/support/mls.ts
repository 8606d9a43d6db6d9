// Real MLS: devices that make key packages, groups and messages with the library that clients use.
import { randomBytes } from 'node:crypto';
import {
  createApplicationMessage,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  createProposal,
  decodeMlsMessage,
  emptyPskIndex,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  joinGroup,
  joinGroupExternal,
  processMessage,
  type Capabilities,
  type ClientState,
  type KeyPackage,
  type MLSMessage,
  type PrivateKeyPackage,
  type Proposal,
} from 'ts-mls';
import { suiteOfNumber, type TestKey } from './key-packages.js';

/** What every device here understands. */
const CAPABILITIES: Capabilities = {
  versions: ['mls10'],
  ciphersuites: ['MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519'],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};

const DAY = 86_400n;

const suite = await suiteOfNumber();

/** A key package with what only its device knows. */
export interface OwnPackage {
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
  /** The package as it is published, without the message around it. */
  readonly bytes: Buffer;
}

/** What a commit sends. */
export interface MadeCommit {
  readonly commit: Buffer;
  readonly welcome: Buffer | null;
  readonly groupInfo: Buffer;
  /** The state once it is accepted. */
  readonly next: MlsGroup;
}

/** Makes a key package of a device of whoever has this URI, and keeps its secrets. */
export async function makeOwnPackage(
  uri: string,
  key: TestKey,
  now = new Date(),
): Promise<OwnPackage> {
  const seconds = BigInt(Math.floor(now.getTime() / 1000));
  const credential = { credentialType: 'basic' as const, identity: new TextEncoder().encode(uri) };
  const made = await generateKeyPackageWithKey(
    credential,
    CAPABILITIES,
    // The library looks at the real time, whatever a test's clock says.
    { notBefore: BigInt(Math.floor(Date.now() / 1000)) - DAY, notAfter: seconds + 90n * DAY },
    [],
    { signKey: key.privateKey.subarray(0, 32), publicKey: key.publicKey },
    suite,
  );
  const { publicPackage: keyPackage } = made;
  const message = encode({ keyPackage, wireformat: 'mls_key_package', version: 'mls10' });
  return { ...made, bytes: message.subarray(4) };
}

/** Makes the id of a group. */
export const makeGroupId = (): Buffer => randomBytes(32);

/** A device's state of a group; it never changes: what happens makes another one. */
export class MlsGroup {
  private constructor(readonly state: ClientState) {}

  /** A group of one device. */
  static async begin(groupId: Buffer, own: OwnPackage): Promise<MlsGroup> {
    const { publicPackage, privatePackage } = own;
    return new MlsGroup(await createGroup(groupId, publicPackage, privatePackage, [], suite));
  }

  /** What a Welcome lets in to. */
  static async join(welcome: Buffer, own: OwnPackage): Promise<MlsGroup> {
    const message = decode(welcome);
    if (message.wireformat !== 'mls_welcome') throw new Error('No Welcome');
    const { publicPackage, privatePackage } = own;
    return new MlsGroup(
      await joinGroup(message.welcome, publicPackage, privatePackage, emptyPskIndex, suite),
    );
  }

  /** A commit with which a device lets itself in. */
  static async joinByItself(
    groupInfo: Buffer,
    own: OwnPackage,
    isBack = false,
  ): Promise<{ readonly commit: Buffer; readonly next: MlsGroup }> {
    const message = decode(groupInfo);
    if (message.wireformat !== 'mls_group_info') throw new Error('No GroupInfo');
    const { publicPackage, privatePackage } = own;
    const { publicMessage, newState } = await joinGroupExternal(
      message.groupInfo,
      publicPackage,
      privatePackage,
      isBack,
      suite,
    );
    const commit = encode({ publicMessage, wireformat: 'mls_public_message', version: 'mls10' });
    return { commit, next: new MlsGroup(newState) };
  }

  get epoch(): number {
    return Number(this.state.groupContext.epoch);
  }

  /** The same for all who agree on the group. */
  get authenticator(): string {
    return Buffer.from(this.state.keySchedule.epochAuthenticator).toString('hex');
  }

  /** A commit that adds the owners of key packages and removes leaves, or only renews the own keys. */
  async commit(
    change: { readonly add?: readonly Buffer[]; readonly remove?: readonly string[] } = {},
    isPublic = false,
  ): Promise<MadeCommit> {
    const adds = (change.add ?? []).map((bytes): Proposal => {
      const message = decode(Buffer.concat([Buffer.from([0, 1, 0, 5]), bytes]));
      if (message.wireformat !== 'mls_key_package') throw new Error('No key package');
      return { proposalType: 'add', add: { keyPackage: message.keyPackage } };
    });
    const removes = (change.remove ?? []).map((key): Proposal => {
      return { proposalType: 'remove', remove: { removed: this.leafOf(key) } };
    });
    const made = await createCommit(
      { state: this.state, cipherSuite: suite },
      {
        extraProposals: [...adds, ...removes],
        ratchetTreeExtension: true,
        wireAsPublicMessage: isPublic,
      },
    );
    const next = new MlsGroup(made.newState);
    const welcome =
      made.welcome &&
      encode({ welcome: made.welcome, wireformat: 'mls_welcome', version: 'mls10' });
    return {
      commit: encode(made.commit),
      welcome: welcome ?? null,
      groupInfo: await next.info(),
      next,
    };
  }

  /** A message of the present epoch. @param tag authenticated data, which the server takes for the franking tag */
  async write(
    text: string,
    tag: Uint8Array = randomBytes(32),
  ): Promise<{ readonly data: Buffer; readonly next: MlsGroup }> {
    const made = await createApplicationMessage(
      this.state,
      new TextEncoder().encode(text),
      suite,
      tag,
    );
    const { privateMessage } = made;
    const data = encode({ privateMessage, wireformat: 'mls_private_message', version: 'mls10' });
    return { data, next: new MlsGroup(made.newState) };
  }

  /** A proposal to remove the leaf of a signature key. */
  async proposeRemoval(key: string, isPublic = false): Promise<Buffer> {
    const proposal: Proposal = { proposalType: 'remove', remove: { removed: this.leafOf(key) } };
    return encode((await createProposal(this.state, isPublic, proposal, suite)).message);
  }

  /** What somebody else sent: its text, or null for what changes the group. */
  async read(data: Buffer): Promise<{ readonly text: string | null; readonly next: MlsGroup }> {
    const message = decode(data);
    if (message.wireformat !== 'mls_private_message' && message.wireformat !== 'mls_public_message')
      throw new Error('Nothing to read');
    const result = await processMessage(message, this.state, emptyPskIndex, () => 'accept', suite);
    const text =
      result.kind === 'applicationMessage' ? new TextDecoder().decode(result.message) : null;
    return { text, next: new MlsGroup(result.newState) };
  }

  private async info(): Promise<Buffer> {
    const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(this.state, [], suite);
    return encode({ groupInfo, wireformat: 'mls_group_info', version: 'mls10' });
  }

  /** Place of the leaf with a signature key in hexadecimal. */
  private leafOf(key: string): number {
    const index = this.state.ratchetTree.findIndex(
      (node) =>
        node?.nodeType === 'leaf' &&
        Buffer.from(node.leaf.signaturePublicKey).toString('hex') === key,
    );
    if (index < 0) throw new Error('No such leaf');
    return index / 2;
  }
}

function encode(message: MLSMessage): Buffer {
  return Buffer.from(encodeMlsMessage(message));
}

function decode(bytes: Buffer): MLSMessage {
  const [message, length] = decodeMlsMessage(bytes, 0) ?? [];
  if (!message || length !== bytes.length) throw new Error('No MLS message');
  return message;
}
