/** What a device keeps of its chats. */
import type { KeyLogFinding } from './key-log-words.js';
import type { Notice } from './notices.js';
import type { SeenOrder } from './order.js';
import type { Proof } from './franking.js';
import type { AttachmentContent, Payload } from './payload.js';

/** Tables of the store. */
export const TABLES = {
  self: 'self',
  packages: 'packages',
  conversations: 'conversations',
  groups: 'groups',
  messages: 'messages',
  outbox: 'outbox',
  pending: 'pending',
  people: 'people',
  keyLog: 'keyLog',
  heads: 'heads',
  logged: 'logged',
  findings: 'findings',
  choices: 'choices',
  notices: 'notices',
  former: 'former',
  early: 'early',
} as const;

/** The one record of its table. */
export const ONLY = 'only';

/** This device and its person. */
export interface Self {
  readonly actorId: string;
  readonly actorUri: string;
  readonly deviceId: string;
  /** Secret. */
  readonly identitySeed: Uint8Array;
  /** Secret. */
  readonly deviceSeed: Uint8Array;
  /** Place in the mailbox up to which everything is stored here. */
  readonly position: string;
}

/** A key package that this device made and may still be let in with. */
export interface StoredPackage {
  readonly ref: string;
  /** As it is published. */
  readonly data: Uint8Array;
  /** Secret. */
  readonly secrets: Uint8Array;
  readonly isLastResort: boolean;
  /** True: the server has it. */
  readonly isPublished: boolean;
  /** True: a last resort that somebody has let this device in with. */
  readonly isUsed: boolean;
  /** ISO 8601. */
  readonly madeAt: string;
}

/** Why a device of a conversation is not to be trusted. */
export interface Doubt {
  readonly identity: string;
  readonly signatureKey: Uint8Array;
  /**
   * `unknown`: its person's key has not signed it, or their server does not show it. `identityChanged`: that key is not the
   * one that was known. `identityLost`: nobody has signed it, nor any other one, though the person had a key. `newDevice`:
   * it is another one than those with which somebody unattested was met.
   */
  readonly reason: 'unknown' | 'identityChanged' | 'identityLost' | 'newDevice';
  /** Of `identityChanged`: the key that has signed the device. It is what is accepted, whatever the server shows later. */
  readonly newIdentity?: { readonly key: Uint8Array; readonly version: number };
}

/** A conversation as this device has it. */
export interface StoredConversation {
  readonly id: string;
  readonly isGroup: boolean;
  /**
   * True: nobody orders it, as some of its servers know no hub. Messages may stand elsewhere in another order, and of two commits
   * that are made at once one is undone (notice `overtaken`). People should see it. Absent as false.
   */
  readonly isBestEffort?: boolean;
  readonly title: string | null;
  readonly picture: AttachmentContent | null;
  /** False: this device is not in the group any more. */
  readonly isMember: boolean;
  /** Actors of the group, by their ids. */
  readonly members: readonly string[];
  /** While there are any, nothing is sent. */
  readonly doubts: readonly Doubt[];
  /** Seconds after which messages go; null = they stay. */
  readonly timerSeconds: number | null;
  /** How often the people here agreed on other ones; absent as 0. */
  readonly timerVersion?: number;
  /** True: this device changed it, and has yet to tell the server. Absent as false. */
  readonly isTimerUntold?: boolean;
  /** Own messages since the keys of this device were renewed. */
  readonly sentSinceRenewal: number;
  /** When they were; ISO 8601. */
  readonly renewedAt: string;
  /** How far this device is in the order of the conversation; null = nothing came yet. */
  readonly order: SeenOrder | null;
  /** Actors who were in the group before it was begun anew, and are not let in again yet. */
  readonly toReturn: readonly string[];
  /** Epoch in which this device came in: what was said before is not for it. */
  readonly joinedEpoch: number;
  /** True: it was let in, and has yet to look whether the other devices of its person were as well. Absent as false. */
  readonly isFresh?: boolean;
  /** True: a commit could not be followed; only `repair` helps. */
  readonly isBroken: boolean;
  /** True: what came is not of the group that this device is in (notice `parted`). Nothing is sent until `repair`. Absent as false. */
  readonly isParted?: boolean;
  /** The group and the epoch that this person was in last, on this device or on the one that it has this from; absent = none. */
  readonly reached?: { readonly groupId: Uint8Array; readonly epoch: number };
  /**
   * Where this device came in by itself: in which epoch, and who has not been heard since. Until somebody was, nothing shows that
   * they are in the same group: the server could have led this device into a state of it that is over. Absent = it was let in.
   */
  readonly cameIn?: { readonly epoch: number; readonly unheard: readonly string[] };
}

/** A piece of the group of a conversation. */
export interface GroupPiece {
  readonly conversationId: string;
  /** What the engine calls it. */
  readonly name: string;
  /** Secret. */
  readonly bytes: Uint8Array;
}

/** What the person chose for a conversation. */
export interface Choices {
  /** Whether the others are told what has come and what was read. */
  readonly receipts: boolean;
}

/** A message of a conversation as it is now. */
export interface StoredMessage {
  readonly conversationId: string;
  /** Id of the message inside the encryption. */
  readonly id: string;
  /** Place in the conversation; null until the server has accepted it. */
  readonly sequence: string | null;
  /** Who wrote it: the actor of the leaf that it came from. Empty for what this device cannot read. */
  readonly sender: string;
  readonly sentAt: string;
  /** What it says; null = it was deleted by who wrote it. `unknown` with the type `unreadable` = this device cannot read it. */
  readonly content: Payload | null;
  readonly editedAt: string | null;
  readonly reactions: readonly {
    readonly id: string;
    readonly sender: string;
    readonly emoji: string;
  }[];
  /** Votes of a poll, by who gave them. */
  readonly votes: Readonly<Record<string, readonly string[]>>;
  readonly deliveredTo: readonly string[];
  readonly readBy: readonly string[];
  /** With which it, and what it said before, can be reported; empty for own ones. */
  readonly proofs: readonly Proof[];
  /** Code of the reason why the server took no such message; null = it did, or has not answered yet. */
  readonly failure: string | null;
  /** When it goes by itself; null = it stays, or is not sent yet. */
  readonly expiresAt: string | null;
}

/** What was done to a message that has not come yet. */
export interface Early {
  readonly id: string;
  readonly conversationId: string;
  readonly sender: string;
  readonly sequence: string | null;
  readonly sentAt: string;
  /** With which it can be reported; null = nobody can. */
  readonly proof: Proof | null;
  readonly payload: Payload;
  /** Until when it is kept; ISO 8601. */
  readonly until: string;
}

/** Something encrypted that the server has not accepted yet. */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly conversationId: string;
  /** The same bytes are sent again and again until there is an answer. */
  readonly message: Uint8Array;
  /** What is inside, to encrypt it anew where the epoch is over. */
  readonly data: Uint8Array;
  /** Order among those of this device. */
  readonly order: number;
}

/** A commit that the server has not accepted yet. */
export interface Pending {
  readonly conversationId: string;
  readonly clientMessageId: string;
  readonly epoch: number;
  readonly commit: Uint8Array;
  readonly welcome: Uint8Array | null;
  readonly groupInfo: Uint8Array;
  /** The group once it is accepted. Secret. */
  readonly next: Uint8Array;
  readonly addMemberIds: readonly string[];
  readonly removeMemberIds: readonly string[];
  readonly removeDeviceIds: readonly string[];
  /** True: this device comes in by it. Absent as false. */
  readonly isReturn?: boolean;
  /** What is doubtful about the group that it leads into, as far as that is new. */
  readonly doubts: readonly Doubt[];
}

/** A group as it was before its last commit, where nobody orders the conversation. */
export interface FormerGroup {
  readonly conversationId: string;
  /** The epoch that the commit ended. */
  readonly epoch: number;
  /** Of the commit: one of the same epoch with a smaller digest takes its place. */
  readonly digest: Uint8Array;
  /** Null = its time is over. Secret. */
  readonly group: Uint8Array | null;
  /** What was doubtful about it. */
  readonly doubts: readonly Doubt[];
  /** Until when the group is kept, by the clock of this device; in milliseconds. */
  readonly until: number;
}

/** Somebody, and the keys that are known of them. */
export interface StoredPerson {
  readonly uri: string;
  /** Null = the server did not show who it is. */
  readonly actorId: string | null;
  /** Stands for them; null = they are unattested, as their software knows no such keys. */
  readonly identityKey: Uint8Array | null;
  readonly version: number;
  /** True: the key was compared with the person. */
  readonly isVerified: boolean;
  /** Keys of the devices of somebody unattested that are believed; absent or empty for others. */
  readonly signatureKeys?: readonly Uint8Array[];
}

/** The head of the key log of a server that was found right last. */
export interface StoredHead {
  /** Origin of the server; absent = the own one. */
  readonly server?: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly serverKey: Uint8Array;
  readonly signedAt: string;
}

/** A head that somebody says they were shown, to be compared. */
export interface ClaimedHead {
  /** Actor who says so. */
  readonly from: string;
  /** Origin of the server. */
  readonly server: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** When the message that said so was taken by the server; ISO 8601. Absent = that is not known. */
  readonly heardAt?: string;
}

/**
 * What the log of somebody's server is to this device. `logged`: it says of their keys what is used, and goes on from what was
 * seen before. `noLog`: their software keeps none, so their keys are believed when they are first seen. `unread`: it was not
 * to be had, or not proven. `suspect`: something does not fit.
 */
export type LogStanding = 'logged' | 'noLog' | 'unread' | 'suspect';

/** When somebody's log was looked at last, and what it was. */
export interface StoredStanding {
  readonly uri: string;
  readonly standing: LogStanding;
  /** Names of the devices that were looked for. */
  readonly devices: readonly string[];
  /** ISO 8601. */
  readonly checkedAt: string;
}

/** What the last look at a log, or at somebody's keys in it, has found. */
export interface StoredFindings {
  /** Whose keys they are, by the id of the actor; `only` = the look at the log of the own server. */
  readonly source: string;
  readonly found: readonly KeyLogFinding[];
  /** Names of those of them that the person has seen and accepted. */
  readonly accepted: readonly string[];
}

/** What the application hears after it was stored. */
export type ChatNews =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'changed'; readonly message: StoredMessage }
  /** The time of a message was over: it is gone from this device. */
  | { readonly kind: 'gone'; readonly conversationId: string; readonly id: string }
  | { readonly kind: 'conversation'; readonly conversationId: string }
  /** Somebody types, or does not any more; it was not stored. */
  | {
      readonly kind: 'signal';
      readonly conversationId: string;
      readonly signal: { readonly kind: 'typing' | 'stopped'; readonly sender: string };
    }
  /** Something about the conversation itself. */
  | { readonly kind: 'notice'; readonly notice: Notice }
  /** What the log of keys of a server says is not as it should be. */
  | { readonly kind: 'keyLog'; readonly finding: KeyLogFinding }
  | { readonly kind: 'doubt'; readonly conversationId: string; readonly doubt: Doubt };
