/**
 * How long messages last. Each message says inside the encryption after how many seconds it goes, so all devices let it go
 * alike; the server is told as well, as it can let go only of what it knows the time of.
 */
import { RefusedError } from '../client/errors.js';
import { textOf, utf8 } from '../crypto/bytes.js';
import type { Transaction } from '../store/store.js';
import { putNotice } from './notices.js';
import type { Outbox } from './outbox.js';
import type { NewPayload } from './payload.js';
import { TABLES, type ChatNews, type Outgoing, type StoredConversation } from './records.js';
import type { Session } from './session.js';

/** Shortest and longest time of messages, in seconds. */
export const TIMER_SECONDS = { least: 10, most: 365 * 86_400 };

/** What is agreed in a conversation. */
export interface Timer {
  /** Seconds after which a message goes; null = it stays. */
  readonly seconds: number | null;
  /** How often it was changed. Of two changes that are made at once the shorter time counts, whichever comes first. */
  readonly version: number;
}

const TERM = 'tri:timer';
/** Changes that somebody can say to have made at once, so that nobody makes the last one. */
const LEAP = 1000;

/** What a conversation has agreed on as far as this device knows. */
export const timerOf = ({ timerSeconds, timerVersion = 0 }: StoredConversation): Timer => ({
  seconds: timerSeconds,
  version: timerVersion,
});

/** What holds for something that is sent: the agreed time, or the one that it asks for. */
export function timerFor(conversation: StoredConversation, payload: NewPayload): Timer {
  const known = timerOf(conversation);
  const isChange = payload.kind === 'timer' && payload.seconds !== known.seconds;
  return isChange ? { seconds: payload.seconds, version: known.version + 1 } : known;
}

/** A payload that says how long it lasts; where nobody ever agreed on anything it says nothing. */
export function withTimer(data: Uint8Array, { seconds, version }: Timer): Uint8Array {
  if (version === 0) return data;
  const activity = JSON.parse(textOf(data)) as Readonly<Record<string, unknown>>;
  return utf8(JSON.stringify({ ...activity, [TERM]: [seconds, version] }));
}

/** How long a payload says that it lasts; null = it does not say. */
export function readTimer(data: Uint8Array): Timer | null {
  try {
    const activity = JSON.parse(textOf(data)) as Readonly<Record<string, unknown>>;
    const [seconds, version] = activity[TERM] as readonly unknown[];
    const isTime = seconds === null || (Number.isSafeInteger(seconds) && Number(seconds) > 0);
    if (!isTime || !Number.isSafeInteger(version) || Number(version) < 1) return null;
    return { seconds: seconds as number | null, version: version as number };
  } catch {
    return null;
  }
}

/** Takes over what somebody says is agreed, where it is newer than what this device knows. */
export function agree(
  tx: Transaction,
  { conversationId, sender, sentAt }: { conversationId: string; sender: string; sentAt: string },
  said: Timer,
): ChatNews[] {
  const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
  if (!conversation) return [];
  const known = timerOf(conversation);
  if (!isNewer(said, known)) return [];
  const { seconds, version } = said;
  // Whoever changes it tells the server; of two who did at once, the server may have heard the other one last.
  const isTimerUntold = version === known.version;
  const changes = { timerSeconds: seconds, timerVersion: version, isTimerUntold };
  tx.put(TABLES.conversations, conversationId, { ...conversation, ...changes });
  const isOther = known.seconds !== seconds;
  return [
    { kind: 'conversation', conversationId },
    ...(isOther
      ? putNotice(tx, conversationId, sentAt, { kind: 'timer', by: sender, seconds })
      : []),
  ];
}

function isNewer(said: Timer, known: Timer): boolean {
  if (said.version === known.version) return lengthOf(said.seconds) < lengthOf(known.seconds);
  return said.version > known.version && said.version <= known.version + LEAP;
}

const lengthOf = (seconds: number | null): number => seconds ?? Infinity;

/** Timers of conversations, with the server. */
export class Timers {
  readonly #session: Session;
  readonly #outbox: Outbox;

  constructor(session: Session, outbox: Outbox) {
    this.#session = session;
    this.#outbox = outbox;
  }

  /**
   * Agrees on another time for what is sent from now on. @returns the id of the message that says so
   * @throws {RangeError} for a time that is too short or too long @throws {RefusedError} FORBIDDEN for whoever is no admin
   */
  async set(conversationId: string, seconds: number | null): Promise<string> {
    const { server } = this.#session;
    const { least, most } = TIMER_SECONDS;
    if (seconds !== null && !(Number.isInteger(seconds) && seconds >= least && seconds <= most))
      throw new RangeError(`A time is from ${least} to ${most} seconds.`);
    const shown = await server.conversation(conversationId);
    if (!shown) throw new RangeError('There is no such conversation.');
    // What nobody could be told of is not agreed with the server either.
    await this.#outbox.requireOpen(conversationId);
    const known = shown.disappearingSeconds;
    const isShorter = lengthOf(seconds) < lengthOf(known);
    // Asked even where nothing changes yet: it refuses whoever may not. It lets the word of a shorter time lie as long as
    // before, so that devices hear of it which do not look all the time.
    await server.setTimer(conversationId, isShorter ? known : seconds);
    const id = await this.#outbox.send(conversationId, { kind: 'timer', seconds });
    await this.tellServer(conversationId);
    return id;
  }

  /** Tells the server what this device has agreed on and the server has not heard, once the others can hear it. */
  async tellServer(conversationId: string): Promise<void> {
    const { store, server } = this.#session;
    const { isTimerUntold = false, timerSeconds } = this.#session.conversation(conversationId);
    const isWaiting = store
      .all<Outgoing>(TABLES.outbox)
      .some((outgoing) => outgoing.conversationId === conversationId);
    if (!isTimerUntold || isWaiting) return;
    try {
      await server.setTimer(conversationId, timerSeconds);
    } catch (fault) {
      // Who is no admin any more, or is gone, leaves it to others.
      if (!(fault instanceof RefusedError)) throw fault;
    }
    await this.#session.write((tx) => {
      const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
      if (conversation?.timerSeconds === timerSeconds)
        tx.put(TABLES.conversations, conversationId, { ...conversation, isTimerUntold: false });
      return [];
    });
  }

  /** Does so for all conversations. */
  async tellServerAll(): Promise<void> {
    for (const { id, isTimerUntold } of this.#session.store.all<StoredConversation>(
      TABLES.conversations,
    ))
      if (isTimerUntold) await this.tellServer(id);
  }
}
