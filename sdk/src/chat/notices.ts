/** What people should see about a conversation itself, beside its messages. Made on this device, never sent. */
import type { Transaction } from '../store/store.js';
import { TABLES, type ChatNews } from './records.js';

/** What is to be noticed. Identities are ids of actors. */
export type Noticed =
  /** Somebody let people in or sent them away, with all their devices. */
  | {
      readonly kind: 'members';
      readonly by: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /** Messages go after another time from now on; null = they stay. */
  | { readonly kind: 'timer'; readonly by: string; readonly seconds: number | null }
  /** Somebody says that they leave, with all their devices; out of the group they are with the next commit. */
  | { readonly kind: 'left'; readonly identity: string }
  /**
   * A device came in by itself, as it had lost its state, or as this person has lost the others: whoever has its key could have
   * done the same.
   */
  | { readonly kind: 'returned'; readonly identity: string }
  /** The group was begun anew; who is in it now may be others. */
  | {
      readonly kind: 'reset';
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  /**
   * In a conversation that nobody orders two changes were made at once, and that of this actor counts: the other one is undone,
   * and what was said since then not everybody can read.
   */
  | { readonly kind: 'overtaken'; readonly by: string }
  /** A commit cannot be followed: nothing more can be read until `repair`. */
  | { readonly kind: 'stuck' }
  /**
   * The server leads devices of the conversation into different groups. `isHere`: what others write is not of the group that this
   * device is in; it may have been led into a state that is over, in which people still are who were removed. Nothing is sent until
   * `repair`. Otherwise a second commit came that ends an epoch that is over: somebody else may have been led there.
   */
  | { readonly kind: 'parted'; readonly epoch: number; readonly isHere: boolean }
  /** Places that this device was shown nothing of. Their time was over (`isExpected`), or the server withholds them. */
  | {
      readonly kind: 'missing';
      readonly from: number;
      readonly to: number;
      readonly isExpected: boolean;
    }
  /** The server showed something else at a place than before, or a place after a later one. */
  | { readonly kind: 'rewritten'; readonly sequence: number }
  /** Somebody was shown another history than this device. */
  | { readonly kind: 'otherHistory'; readonly identity: string; readonly sequence: number }
  /** Who takes part according to the server and according to the group are not the same people. */
  | {
      readonly kind: 'otherMembers';
      readonly onlyServer: readonly string[];
      readonly onlyGroup: readonly string[];
    };

/** Something that was noticed. */
export interface Notice {
  readonly conversationId: string;
  readonly id: string;
  /** When the server says that it happened; ISO 8601. */
  readonly at: string;
  readonly noticed: Noticed;
}

/** Of one conversation; whoever makes them by the thousand fills no store. */
const MOST = 500;

/** Stores a notice. */
export function putNotice(
  tx: Transaction,
  conversationId: string,
  at: string,
  noticed: Noticed,
): ChatNews[] {
  const all = noticesIn(tx.all<Notice>(TABLES.notices), conversationId);
  for (const old of all.slice(0, Math.max(0, all.length - MOST + 1)))
    tx.remove(TABLES.notices, old.id);
  const notice: Notice = { conversationId, id: crypto.randomUUID(), at, noticed };
  tx.put(TABLES.notices, notice.id, notice);
  return [{ kind: 'notice', notice }];
}

/** Notices of a conversation, the oldest first. */
export const noticesIn = (all: readonly Notice[], conversationId: string): Notice[] =>
  all
    .filter((notice) => notice.conversationId === conversationId)
    .sort((one, other) => one.at.localeCompare(other.at));

/** Who came and who went between two lists of actors. */
export function changeOf(
  before: readonly string[],
  after: readonly string[],
): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  return {
    added: after.filter((uri) => !before.includes(uri)),
    removed: before.filter((uri) => !after.includes(uri)),
  };
}
