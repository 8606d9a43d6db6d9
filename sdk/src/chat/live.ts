/** Staying up to date: what waits, what comes, and what waits to be sent. */
import { NetworkError, RefusedError, unlessHubIsSilent } from '../client/errors.js';
import { pause } from '../client/transport.js';
import { fromBase64 } from '../crypto/bytes.js';
import type { Commits } from './commits.js';
import type { Inbox } from './inbox.js';
import type { Outbox } from './outbox.js';
import type { OwnDevices } from './own-devices.js';
import { TABLES, type Outgoing, type Pending } from './records.js';
import type { Session } from './session.js';
import { openSignal } from './signals.js';
import type { Timers } from './timers.js';
import type { Upkeep } from './upkeep.js';

/** Milliseconds between attempts to reach the server. */
const PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** Milliseconds between looks for messages whose time is over. */
const EXPIRY = 10_000;

/** The connection of a device to what happens. */
export class Live {
  readonly #session: Session;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #commits: Commits;
  readonly #ownDevices: OwnDevices;
  readonly #upkeep: Upkeep;
  readonly #timers: Timers;

  constructor(
    session: Session,
    inbox: Inbox,
    outbox: Outbox,
    commits: Commits,
    ownDevices: OwnDevices,
    upkeep: Upkeep,
    timers: Timers,
  ) {
    this.#session = session;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#commits = commits;
    this.#ownDevices = ownDevices;
    this.#upkeep = upkeep;
    this.#timers = timers;
  }

  /** Takes everything that waits in the mailbox, and sends everything that waits here. @throws {NetworkError} */
  async synchronise(): Promise<void> {
    await this.#inbox.catchUp();
    for (const { conversationId } of this.#session.store.all<Pending>(TABLES.pending))
      await unlessRefused(() => unlessHubIsSilent(() => this.#commits.resume(conversationId)));
    await this.#outbox.flush();
    await unlessHubIsSilent(() => this.#timers.tellServerAll());
    await unlessHubIsSilent(() => this.#ownDevices.letIntoFresh());
    await unlessRefused(() => this.#upkeep.renew(null));
  }

  /** Takes what waits and then what comes, until it is stopped. */
  async run(signal: AbortSignal): Promise<void> {
    await insist(() => unlessRefused(() => this.synchronise()), signal);
    // What cannot be written now is tried again with the next look.
    const forget = (): void => void this.#upkeep.forgetExpired(new Date()).catch(() => undefined);
    const expiring = setInterval(forget, EXPIRY);
    void this.#sendAgain(signal);
    try {
      await this.#listen(signal);
    } finally {
      clearInterval(expiring);
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { deviceId, position } = this.#session.self;
    for await (const { chatEvents } of this.#session.server.events(deviceId, position, signal)) {
      const { cursor, message, signal: passing } = chatEvents;
      if (passing) await this.#hear(passing.conversationId, fromBase64(passing.payload));
      if (BigInt(cursor) > BigInt(this.#session.self.position))
        await insist(() => this.#inbox.takeLive(cursor, message), signal);
      const isIn = message?.kind === 'WELCOME';
      if (isIn) await insist(() => this.#settleIn(), signal);
      if (this.#session.store.all<Outgoing>(TABLES.outbox).length > 0)
        await insist(() => unlessRefused(() => this.#outbox.flush()), signal);
    }
  }

  /** What a device does that was let in somewhere. */
  async #settleIn(): Promise<void> {
    await unlessHubIsSilent(() => this.#ownDevices.letIntoFresh());
    await unlessRefused(() => this.#upkeep.renew(null));
  }

  /** What waits for the own server, or for that of a conversation, is sent again, whether anything comes meanwhile or not. */
  async #sendAgain(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      await pause(Math.min(attempt * PAUSE, LONGEST_PAUSE), signal);
      if (!this.#outbox.isHeldUp) attempt = 0;
      else await insist(() => this.#outbox.flush(), signal).catch(() => undefined);
    }
  }

  async #hear(conversationId: string, sealed: Uint8Array): Promise<void> {
    const group = this.#session.findGroup(conversationId);
    const signal = group && (await openSignal(this.#session.engine, group, sealed));
    if (signal) this.#session.tell({ kind: 'signal', conversationId, signal });
  }
}

/** A refusal ends one piece of work; whoever began it has heard of it, or is not there any more. */
async function unlessRefused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (fault) {
    if (!(fault instanceof RefusedError)) throw fault;
  }
}

/** Does the work again while the server cannot be reached, until it is done or stopped. */
async function insist(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await work();
    } catch (fault) {
      if (!(fault instanceof NetworkError)) throw fault;
      await pause(Math.min(attempt * PAUSE, LONGEST_PAUSE), signal);
    }
  }
}
