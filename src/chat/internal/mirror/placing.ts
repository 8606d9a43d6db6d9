/** What is known when places are put, and what becomes of each. */
import { addSeconds } from '../../../platform/clock.js';
import type { Mirror } from './mirror.js';
import type { NamedDevices } from './named-devices.js';
import type { People } from './people.js';
import type { MirrorEntry } from './read-entry.js';

/** Who is named, as far as they are known here. */
export interface Knowledge {
  readonly people: People;
  readonly devices: NamedDevices;
  /** Who is not to be had, and not waited for any more. */
  readonly lost: ReadonlySet<string>;
  readonly now: Date;
}

/** What became of a place. */
export type Placing =
  /** It stands now. */
  | 'PLACED'
  /** It stood before, or is for nobody here. */
  | 'KNOWN'
  /** Something before it is missing, or somebody whom it names is not known yet. */
  | 'BEHIND'
  /** It cannot be so, and the hub is to blame. */
  | 'REFUSED';

/** A mirror after a place. */
export interface Placed {
  readonly mirror: Mirror;
  readonly placing: Placing;
}

/** How far the clock of a hub may be ahead of ours: what it franks has its time. */
const AHEAD_SECONDS = 600;

/** When the hub accepted it; nothing is of the far future. */
export function sentAtOf({ sentAt }: MirrorEntry, now: Date): Date {
  return sentAt && sentAt < addSeconds(now, AHEAD_SECONDS) ? sentAt : now;
}
