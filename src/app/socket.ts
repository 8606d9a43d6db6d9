/**
 * One WebSocket: what it may send and how often, what waits to be sent to it, and whether anybody is
 * still there. It knows nothing of GraphQL.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CLOSE, type SocketLimits } from './socket-limits.js';
import { textFrame, textFrames } from './text-frame.js';

/** A client's connection. */
export class Socket {
  private isAnswering = true;
  private allowance: number;
  private refilledAt = performance.now();
  /** In this turn: nobody can have read it. */
  private said: string[] = [];
  /** Unsent bytes that are borne with. */
  private room: number;

  constructor(
    private readonly websocket: WebSocket,
    /** The connection under it. */
    private readonly connection: Duplex,
    private readonly limits: SocketLimits,
    /** Trusted proxies taken into account. */
    readonly clientAddress: string | null,
  ) {
    this.allowance = limits.messageBurst;
    this.room = limits.maxBufferedBytes;
    websocket.on('pong', () => {
      this.isAnswering = true;
    });
  }

  /** The subprotocol agreed on; empty when none. */
  get protocol(): string {
    return this.websocket.protocol;
  }

  /** True until it is being closed, by either side. */
  get isOpen(): boolean {
    return this.websocket.readyState === this.websocket.OPEN;
  }

  /**
   * Sends text, unless it is closing; what is said in one turn, such as an answer and the word that nothing follows it, is
   * one write. A client that does not read what it gets is closed.
   *
   * The frames are made here, as in `sendParts`: `ws` would write heads and texts one by one.
   */
  send(text: string): void {
    if (!this.isReading()) return;
    if (this.said.length === 0) process.nextTick(() => this.utter());
    this.said.push(text);
  }

  /**
   * As `send`, a text of two parts in UTF-8, at once. Made by `ws`, its frame costs a quarter more when a thousand sockets
   * get the same. Nothing of `ws` waits in between, as there is no compression.
   */
  sendParts(own: Buffer, shared: Buffer): void {
    if (!this.isReading()) return;
    this.utter();
    this.write(textFrame(own, shared));
  }

  /** Closes it; when the client does not answer, the connection is cut. Only the first code counts. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.utter();
    this.websocket.close(code, reason);
    const timer = setTimeout(() => this.websocket.terminate(), this.limits.goodbyeMs);
    this.websocket.once('close', () => clearTimeout(timer));
  }

  /** Cuts it off. */
  terminate(): void {
    this.websocket.terminate();
  }

  /** Pings; whoever has not answered since the last time is cut off: no goodbye would reach it. */
  heartbeat(): void {
    if (!this.isAnswering) {
      this.websocket.terminate();
      return;
    }
    this.isAnswering = false;
    if (this.isOpen) this.websocket.ping();
  }

  /** Calls `listener` for each message, within the rate; none is heard once it is closing. */
  onMessage(listener: (text: string) => Promise<void>, onFault: (error: unknown) => void): void {
    this.websocket.on('message', (message) => {
      if (!this.isOpen) return;
      if (!this.mayTalk()) {
        this.close(CLOSE.tooManyMessages, 'Too many messages');
        return;
      }
      // oxlint-disable-next-line typescript/no-base-to-string -- a Buffer: the socket's binary type is the default
      listener(String(message)).catch(onFault);
    });
  }

  /** Nothing may follow the frame that closes. */
  private utter(): void {
    const { said } = this;
    if (said.length === 0) return;
    this.said = [];
    if (this.isOpen) this.write(textFrames(said));
  }

  /** What alone is more than may wait takes its time on its way: one such write is borne with beside what else may wait. */
  private write(frames: Buffer): void {
    const { maxBufferedBytes: most } = this.limits;
    this.connection.write(frames);
    if (frames.length > most && this.room === most)
      this.room = this.websocket.bufferedAmount + most;
  }

  /** False while it closes. Whoever leaves too much waiting is closed. */
  private isReading(): boolean {
    if (!this.isOpen) return false;
    const waiting = this.websocket.bufferedAmount;
    if (waiting <= this.limits.maxBufferedBytes) this.room = this.limits.maxBufferedBytes;
    if (waiting <= this.room) return true;
    this.close(CLOSE.tooSlow, 'Too slow');
    return false;
  }

  /** A bucket of messages that fills up with time. */
  private mayTalk(): boolean {
    const now = performance.now();
    const { messageBurst, messagesPerSecond } = this.limits;
    const earned = ((now - this.refilledAt) / 1000) * messagesPerSecond;
    this.allowance = Math.min(messageBurst, this.allowance + earned) - 1;
    this.refilledAt = now;
    return this.allowance >= 0;
  }
}
