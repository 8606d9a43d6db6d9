/** The open sockets of the process: whose they are, how many one may have, and their common heartbeat. */
import type { Viewer } from '../platform/context.js';
import type { Id } from '../platform/ids.js';
import { addressKey } from '../platform/client-address.js';
import type { Socket } from './socket.js';
import type { SocketLimits } from './socket-limits.js';

/** A socket that has said who it is. */
export interface KnownSocket {
  readonly socket: Socket;
  /** Null when anonymous. */
  readonly viewer: Viewer | null;
}

/** Heartbeats are spread over this many turns, so that no turn pings all sockets. */
const TURNS = 12;

/** All sockets, and who is behind those that have said so. */
export class SocketRegistry implements Disposable {
  private readonly turns = Array.from({ length: TURNS }, () => new Set<Socket>());
  private readonly byOwner = new Map<string, Set<KnownSocket>>();
  private readonly timer: NodeJS.Timeout;
  private added = 0;
  private turn = 0;

  constructor(private readonly limits: SocketLimits) {
    this.timer = setInterval(() => this.beat(), limits.heartbeatMs / TURNS);
    this.timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  /** Every open socket. */
  all(): Socket[] {
    return this.turns.flatMap((sockets) => [...sockets]);
  }

  /** Adds a socket that has just been opened; returns what removes it. */
  add(socket: Socket): () => void {
    const sockets = this.turns[this.added++ % TURNS]!;
    sockets.add(socket);
    return () => sockets.delete(socket);
  }

  /** Notes who is behind a socket; null when that one has too many, otherwise what removes the note. */
  identify(known: KnownSocket): (() => void) | null {
    const { viewer, socket } = known;
    const owner = viewer ? viewer.accountId : `address:${addressKey(socket.clientAddress)}`;
    const limit = viewer ? this.limits.socketsPerAccount : this.limits.socketsPerAddress;
    const sockets = this.byOwner.get(owner) ?? new Set();
    if (sockets.size >= limit) return null;
    this.byOwner.set(owner, sockets.add(known));
    return () => {
      sockets.delete(known);
      if (sockets.size === 0 && this.byOwner.get(owner) === sockets) this.byOwner.delete(owner);
    };
  }

  /** Sockets of signed-in people: of one account, or of all. */
  signedIn(accountId?: Id<'account'>): KnownSocket[] {
    const sets = accountId ? [this.byOwner.get(accountId) ?? []] : [...this.byOwner.values()];
    return sets.flatMap((known) => [...known]).filter(({ viewer }) => viewer !== null);
  }

  private beat(): void {
    this.turn = (this.turn + 1) % TURNS;
    for (const socket of this.turns[this.turn]!) socket.heartbeat();
  }
}
