/** What slices below the gateway ask of other servers, in the name of somebody here. The gateway knows how. */
import type { Id } from './ids.js';

/** A question to another server. */
export interface PeerQuestion {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Whoever of this server asks: the request is signed with their key. Null = the server itself. */
  readonly as: Id<'actor'> | null;
  /** An activity, or what hubs are told: ActivityStreams, sent byte for byte. */
  readonly body?: Buffer;
  /** Of the answer, as sent and as decompressed. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** What the other server said, whatever it was. */
export interface PeerAnswer {
  readonly status: number;
  /** What `Retry-After` said; null when it said nothing. */
  readonly retryAfter: string | null;
  /** With parameters, as sent; empty when it was not said. */
  readonly contentType: string;
  readonly body: Buffer;
}

/** Other servers of the network. */
export interface Peers {
  /**
   * Asks. Redirects are answers like all others.
   *
   * @throws {OutsideUnavailable} when there is no answer, or the staff has ruled out the server
   */
  ask(question: PeerQuestion): Promise<PeerAnswer>;

  /** The actor of an identity, here or on another server, which is asked when it is not known; null when there is none to be had. */
  findActor(uri: string): Promise<Id<'actor'> | null>;

  /** The device of somebody of another server that has a signature key, which is asked when it is not known; null when there can be none. */
  findDevice(actorUri: string, signatureKey: Buffer): Promise<Id<'chatdevice'> | null>;
}
