/** Closes the sockets of sessions that have ended: at once when it is told, and by looking every few seconds. */
import { sessionsRevoked } from '../accounts/accounts.events.js';
import { findEndedSessions } from '../accounts/open-sessions.queries.js';
import type { Services } from '../platform/context.js';
import type { PayloadOf } from '../platform/journal/event.js';
import type { LiveEvent } from '../platform/realtime/live-event.js';
import { CLOSE, type SocketLimits } from './socket-limits.js';
import type { KnownSocket, SocketRegistry } from './socket-registry.js';

/** Watches over the sessions behind open sockets. */
export class SocketSessions implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private isLooking = false;

  constructor(
    private readonly services: Services,
    private readonly registry: SocketRegistry,
    limits: SocketLimits,
  ) {
    this.timer = setInterval(() => void this.patrol(), limits.sessionCheckMs);
    this.timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  /** When tokens were revoked: resolves when their sockets are closed. Null for all other events. Never rejects. */
  heed(event: LiveEvent): Promise<void> | null {
    if (event.name !== sessionsRevoked.name) return null;
    const { accountId } = event.payload as PayloadOf<typeof sessionsRevoked>;
    const sockets = this.registry.signedIn(accountId);
    if (sockets.length === 0) return null;
    return this.check(sockets).catch((error: unknown) => {
      // Who cannot be proven is not served: the client may come back and prove itself.
      this.services.log.warn({ err: error }, 'sessions cannot be checked');
      for (const { socket } of sockets) socket.close(CLOSE.fault, 'Reconnect');
    });
  }

  /** Looks once at every session behind a socket, in one statement. */
  async patrol(): Promise<void> {
    const sockets = this.registry.signedIn();
    if (this.isLooking || sockets.length === 0) return;
    this.isLooking = true;
    try {
      await this.check(sockets);
    } catch (error) {
      this.services.log.warn({ err: error }, 'sessions cannot be checked');
    } finally {
      this.isLooking = false;
    }
  }

  private async check(sockets: readonly KnownSocket[]): Promise<void> {
    const { database, clock } = this.services;
    const ids = new Set(sockets.flatMap(({ viewer }) => (viewer ? [viewer.sessionId] : [])));
    const ended = await findEndedSessions(database, [...ids], clock.now());
    for (const { socket, viewer } of sockets) {
      const end = viewer && ended.get(viewer.sessionId);
      if (end === 'EXPIRED') socket.close(CLOSE.tokenExpired, 'Token expired');
      if (end === 'REVOKED') socket.close(CLOSE.forbidden, 'Forbidden');
    }
  }
}
