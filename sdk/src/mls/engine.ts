/**
 * What the chat needs of MLS (RFC 9420). Groups are values: nothing here changes one, each step answers the next. So a
 * commit is two-phased by itself: the old group is kept until the server has accepted the commit.
 */

/** Somebody in a group: one device of one account. */
export interface Member {
  /** Place in the tree; another one may get it once it is free. */
  readonly leaf: number;
  /** ActivityPub id of the account's actor. */
  readonly identity: string;
  /** Ed25519, 32 bytes; names the device. */
  readonly signatureKey: Uint8Array;
}

/** The device that speaks. */
export interface DeviceKeys {
  readonly identity: string;
  /** Ed25519, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /** Seed of the key, 32 bytes. Secret. */
  readonly signatureSeed: Uint8Array;
}

/** A group as one device has it, at one epoch. Holds secrets. */
export interface MlsGroup {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly own: Member;
  readonly members: readonly Member[];
  /** False once this device was removed. */
  readonly isActive: boolean;
  /** Equal on all devices that agree about everything up to this epoch; safe to show. */
  readonly epochAuthenticator: Uint8Array;
  /** Whether others proposed a change that the next commit has to make. */
  readonly hasProposals: boolean;
}

/** A key package and what belongs to it. */
export interface NewKeyPackage {
  /** To be published: a raw KeyPackage. */
  readonly data: Uint8Array;
  /** Its name in a Welcome, 32 bytes. */
  readonly ref: Uint8Array;
  /** To be kept until it was used. Secret; only the engine reads it. */
  readonly secrets: Uint8Array;
}

/** What a key package says. */
export interface KeyPackageFacts {
  readonly identity: string;
  readonly signatureKey: Uint8Array;
  readonly ref: Uint8Array;
  readonly notAfter: Date;
}

/** Whom a commit adds and removes; nobody = the committer renews its keys. */
export interface MembershipChange {
  /** Raw key packages. */
  readonly add?: readonly Uint8Array[];
  /** Leaves. */
  readonly remove?: readonly number[];
}

/** A commit that nobody has accepted yet. */
export interface PendingCommit {
  /** Epoch that it ends. */
  readonly epoch: bigint;
  readonly commit: Uint8Array;
  /** For those who were added; null = nobody was. */
  readonly welcome: Uint8Array | null;
  /** With which devices that lost their state come back. */
  readonly groupInfo: Uint8Array;
  /** The group once the commit is accepted. */
  readonly next: MlsGroup;
  /** Secrets that are over once the commit is accepted, for `wipe`. */
  readonly spent: readonly Uint8Array[];
}

/** A message that was encrypted. The next group has to be stored before the message is sent. */
export interface Encrypted {
  readonly message: Uint8Array;
  readonly next: MlsGroup;
  readonly spent: readonly Uint8Array[];
}

/** What came out of a message. */
export type Received = {
  readonly sender: Member;
  /** Epoch that it was sent in. */
  readonly epoch: bigint;
  readonly next: MlsGroup;
  readonly spent: readonly Uint8Array[];
} & (
  | {
      readonly kind: 'application';
      readonly data: Uint8Array;
      /** Bytes beside it that everybody can read. */
      readonly authenticatedData: Uint8Array;
    }
  | { readonly kind: 'proposal' }
  | {
      readonly kind: 'commit';
      /** True: the sender came from outside, as it had lost its state, or its actor has other devices in the group. */
      readonly isReturn: boolean;
      readonly added: readonly Member[];
      readonly removed: readonly Member[];
    }
);

/** What stands on the outside of a message. */
export interface MessageHeader {
  readonly kind: 'application' | 'proposal' | 'commit' | 'welcome' | 'groupInfo' | 'keyPackage';
  readonly groupId: Uint8Array | null;
  readonly epoch: bigint | null;
}

/** Whether a key really is that of a device of this actor. Asked for everybody who comes in or changes. */
export type Authenticate = (identity: string, signatureKey: Uint8Array) => Promise<boolean>;

/** Something that MLS or its use here does not allow. */
export class MlsRefusal extends Error {
  override readonly name = 'MlsRefusal';
}

/** A group in pieces, by their names. Secret. */
export type GroupPieces = ReadonlyMap<string, Uint8Array>;

/** MLS with one suite. Every function may throw {@link MlsRefusal}. */
export interface MlsEngine {
  /** @param now the package is valid for 12 months from here, and an hour before, as clocks differ */
  generateKeyPackage(device: DeviceKeys, now: Date): Promise<NewKeyPackage>;
  /** Reads what somebody else published, raw or wrapped, and checks its signatures. */
  readKeyPackage(data: Uint8Array): Promise<KeyPackageFacts>;
  /** A group of this device alone, at epoch 0. */
  createGroup(device: DeviceKeys, groupId: Uint8Array): Promise<MlsGroup>;
  /** The names of the key packages that a Welcome is for. */
  welcomeRefs(welcome: Uint8Array): readonly Uint8Array[];
  /** Joins with the secrets of one of those key packages. */
  join(welcome: Uint8Array, secrets: Uint8Array): Promise<MlsGroup>;
  /**
   * Comes in by a commit of its own: a device that has a leaf, but lost its state, or another one of an actor who has a device
   * in the group.
   */
  rejoin(groupInfo: Uint8Array, device: DeviceKeys, now: Date): Promise<PendingCommit>;
  /** Makes the commit of a change, along with what others have proposed. */
  commit(group: MlsGroup, change: MembershipChange): Promise<PendingCommit>;
  /** Asks the others to remove a leaf, one's own above all. */
  proposeRemoval(group: MlsGroup, leaf: number): Promise<Encrypted>;
  /** @param authenticatedData bytes beside it that everybody can read and nobody can change */
  encrypt(group: MlsGroup, data: Uint8Array, authenticatedData?: Uint8Array): Promise<Encrypted>;
  /** Reads a message of somebody else. */
  receive(group: MlsGroup, message: Uint8Array): Promise<Received>;
  header(message: Uint8Array): MessageHeader;
  /** A secret that all devices of this epoch have and the server has not. */
  exportSecret(
    group: MlsGroup,
    label: string,
    context: Uint8Array,
    length: number,
  ): Promise<Uint8Array>;
  /** All of the group, for the store. Secret. */
  exportGroup(group: MlsGroup): Uint8Array;
  importGroup(bytes: Uint8Array): MlsGroup;
  /**
   * The pieces of a group that are not those of an earlier state, so that a message makes a store write little; null = there is
   * none of this name any more. Secret.
   * @param former null = all pieces
   */
  exportPieces(group: MlsGroup, former: MlsGroup | null): ReadonlyMap<string, Uint8Array | null>;
  importPieces(pieces: GroupPieces): MlsGroup;
}

/** Overwrites secrets that are over. Call it once what followed from them is stored. */
export function wipe(spent: readonly Uint8Array[]): void {
  for (const secret of spent) secret.fill(0);
}
