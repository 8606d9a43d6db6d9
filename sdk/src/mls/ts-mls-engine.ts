/** The engine on ts-mls 1.6.4. */
import {
  createApplicationMessage,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPubAndRatchetTree,
  createProposal,
  decodeGroupState,
  encodeGroupState,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  mlsExporter,
  type CiphersuiteImpl,
  type ClientConfig,
  type ClientState,
  type MlsMessageContent,
  type Proposal,
} from 'ts-mls';
import { decodeKeyPackage, encodeKeyPackage, makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { EMPTY, pack, unpack, utf8 } from '../crypto/bytes.js';
import {
  MlsRefusal,
  type Authenticate,
  type DeviceKeys,
  type Encrypted,
  type GroupPieces,
  type KeyPackageFacts,
  type MembershipChange,
  type MessageHeader,
  type MlsEngine,
  type MlsGroup,
  type NewKeyPackage,
  type PendingCommit,
  type Received,
} from './engine.js';
import { paddedLength } from './padding.js';
import { CAPABILITIES, configOf, lifetimeFrom, loadSuite } from './ts-mls-config.js';
import { stateOf, TsMlsGroup } from './ts-mls-group.js';
import { joinByWelcome, joinFromOutside } from './ts-mls-join.js';
import { headerOf, readMessage, requireKeyPackage, whole } from './ts-mls-messages.js';
import { joinPieces, piecesOf } from './ts-mls-pieces.js';
import { receive } from './ts-mls-receive.js';

/** Loads libsodium and answers an engine. @param authenticate asked for each device that comes in or changes */
export async function createMlsEngine(authenticate: Authenticate): Promise<MlsEngine> {
  return new TsMlsEngine(await loadSuite(), configOf(authenticate));
}

class TsMlsEngine implements MlsEngine {
  readonly #suite: CiphersuiteImpl;
  readonly #config: ClientConfig;

  constructor(suite: CiphersuiteImpl, config: ClientConfig) {
    this.#suite = suite;
    this.#config = config;
  }

  async generateKeyPackage(device: DeviceKeys, now: Date): Promise<NewKeyPackage> {
    const { publicPackage, privatePackage } = await this.#newPackage(device, now);
    const data = encodeKeyPackage(publicPackage);
    const { initPrivateKey, hpkePrivateKey, signaturePrivateKey } = privatePackage;
    return {
      data,
      ref: await makeKeyPackageRef(publicPackage, this.#suite.hash),
      secrets: pack(data, initPrivateKey, hpkePrivateKey, signaturePrivateKey),
    };
  }

  readKeyPackage(data: Uint8Array): Promise<KeyPackageFacts> {
    return requireKeyPackage(data, this.#suite);
  }

  async createGroup(device: DeviceKeys, groupId: Uint8Array): Promise<MlsGroup> {
    const { publicPackage, privatePackage } = await this.#newPackage(device, new Date());
    const made = createGroup(groupId, publicPackage, privatePackage, [], this.#suite, this.#config);
    return new TsMlsGroup(await made);
  }

  welcomeRefs(message: Uint8Array): readonly Uint8Array[] {
    const { welcome } = readMessage(message, 'mls_welcome');
    return welcome.secrets.map(({ newMember }) => newMember);
  }

  async join(message: Uint8Array, secrets: Uint8Array): Promise<MlsGroup> {
    const { welcome } = readMessage(message, 'mls_welcome');
    const [data, initPrivateKey, hpkePrivateKey, signaturePrivateKey] = unpack(secrets);
    if (!data || !initPrivateKey || !hpkePrivateKey || !signaturePrivateKey)
      throw new MlsRefusal('The secrets of the key package are not whole.');
    const publicPackage = whole(decodeKeyPackage, data);
    const privatePackage = { initPrivateKey, hpkePrivateKey, signaturePrivateKey };
    const own = { publicPackage, privatePackage };
    const state = await refusing(() => joinByWelcome(welcome, own, this.#suite, this.#config));
    return new TsMlsGroup(state);
  }

  async rejoin(published: Uint8Array, device: DeviceKeys, now: Date): Promise<PendingCommit> {
    const { groupInfo } = readMessage(published, 'mls_group_info');
    const own = await this.#newPackage(device, now);
    const { commit, state } = await refusing(() =>
      joinFromOutside(groupInfo, own, this.#suite, this.#config),
    );
    const message = encoded({ wireformat: 'mls_public_message', publicMessage: commit });
    return this.#pending(groupInfo.groupContext.epoch, message, null, state, []);
  }

  async commit(
    group: MlsGroup,
    { add = [], remove = [] }: MembershipChange,
  ): Promise<PendingCommit> {
    const state = stateOf(group);
    const proposals: Proposal[] = remove.map((removed) => ({
      proposalType: 'remove',
      remove: { removed },
    }));
    for (const data of add) {
      await requireKeyPackage(data, this.#suite);
      const keyPackage = whole(decodeKeyPackage, data);
      proposals.push({ proposalType: 'add', add: { keyPackage } });
    }
    const made = await refusing(() =>
      createCommit(
        { state, cipherSuite: this.#suite },
        { extraProposals: proposals, ratchetTreeExtension: true },
      ),
    );
    const welcome = made.welcome && encoded({ wireformat: 'mls_welcome', welcome: made.welcome });
    const commit = encodeMlsMessage(made.commit);
    return this.#pending(group.epoch, commit, welcome ?? null, made.newState, made.consumed);
  }

  async proposeRemoval(group: MlsGroup, leaf: number): Promise<Encrypted> {
    const proposal: Proposal = { proposalType: 'remove', remove: { removed: leaf } };
    const made = await refusing(() => createProposal(stateOf(group), false, proposal, this.#suite));
    const next = new TsMlsGroup(made.newState, group as TsMlsGroup);
    return { message: encodeMlsMessage(made.message), next, spent: made.consumed };
  }

  async encrypt(
    group: MlsGroup,
    data: Uint8Array,
    authenticatedData: Uint8Array = EMPTY,
  ): Promise<Encrypted> {
    const padUntilLength = paddedLength(data.length);
    const config = { ...this.#config, paddingConfig: { kind: 'padUntilLength', padUntilLength } };
    const state = { ...stateOf(group), clientConfig: config as ClientConfig };
    const made = await refusing(() =>
      createApplicationMessage(state, data, this.#suite, authenticatedData),
    );
    const next = { ...made.newState, clientConfig: this.#config };
    const { privateMessage } = made;
    return {
      message: encoded({ wireformat: 'mls_private_message', privateMessage }),
      next: new TsMlsGroup(next, group as TsMlsGroup),
      spent: made.consumed,
    };
  }

  receive(group: MlsGroup, message: Uint8Array): Promise<Received> {
    return refusing(() => receive(group as TsMlsGroup, message, this.#suite));
  }

  header(message: Uint8Array): MessageHeader {
    return headerOf(message);
  }

  exportSecret(
    group: MlsGroup,
    label: string,
    context: Uint8Array,
    length: number,
  ): Promise<Uint8Array> {
    const { exporterSecret } = stateOf(group).keySchedule;
    return mlsExporter(exporterSecret, label, context, length, this.#suite);
  }

  exportGroup(group: MlsGroup): Uint8Array {
    return encodeGroupState(stateOf(group));
  }

  importGroup(bytes: Uint8Array): MlsGroup {
    return new TsMlsGroup({ ...whole(decodeGroupState, bytes), clientConfig: this.#config });
  }

  exportPieces(group: MlsGroup, former: MlsGroup | null): ReadonlyMap<string, Uint8Array | null> {
    return piecesOf(stateOf(group), former && stateOf(former));
  }

  importPieces(pieces: GroupPieces): MlsGroup {
    return new TsMlsGroup({ ...joinPieces(pieces), clientConfig: this.#config });
  }

  async #pending(
    epoch: bigint,
    commit: Uint8Array,
    welcome: Uint8Array | null,
    state: ClientState,
    spent: readonly Uint8Array[],
  ): Promise<PendingCommit> {
    const info = await createGroupInfoWithExternalPubAndRatchetTree(state, [], this.#suite);
    const groupInfo = encoded({ wireformat: 'mls_group_info', groupInfo: info });
    return { epoch, commit, welcome, groupInfo, next: new TsMlsGroup(state), spent };
  }

  #newPackage(device: DeviceKeys, now: Date) {
    const { identity, signatureKey, signatureSeed } = device;
    return generateKeyPackageWithKey(
      { credentialType: 'basic', identity: utf8(identity) },
      CAPABILITIES,
      lifetimeFrom(now),
      [],
      { publicKey: signatureKey, signKey: signatureSeed },
      this.#suite,
    );
  }
}

const encoded = (content: MlsMessageContent): Uint8Array =>
  encodeMlsMessage({ version: 'mls10', ...content });

/** Faults of ts-mls as refusals of the engine. */
async function refusing<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof MlsRefusal) throw cause;
    throw new MlsRefusal(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
