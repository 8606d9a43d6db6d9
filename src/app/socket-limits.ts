/** What one client may do over a socket, and the close codes that tell it why it may not go on. */

/** Bounds of every socket. */
export interface SocketLimits {
  /** Operations that run at the same time on one socket. */
  readonly operations: number;
  /** Sockets of one account. */
  readonly socketsPerAccount: number;
  /** Anonymous sockets of one client address. */
  readonly socketsPerAddress: number;
  /** Longest message from a client, in bytes. */
  readonly maxMessageBytes: number;
  /** Unsent bytes at which a client that does not read is cut off. */
  readonly maxBufferedBytes: number;
  /** Messages per second from a client, on average. */
  readonly messagesPerSecond: number;
  /** Messages that may come at once. */
  readonly messageBurst: number;
  /** Time for `connection_init`, in ms. */
  readonly initTimeoutMs: number;
  /** Between pings; a client that has not answered by the next one is cut off. */
  readonly heartbeatMs: number;
  /** How long a closing client gets to say goodbye. */
  readonly goodbyeMs: number;
  /** Between looks at the sessions behind open sockets, in ms. */
  readonly sessionCheckMs: number;
  /** Longest time over which a planned restart spreads its closing, in ms. */
  readonly drainMs: number;
}

/** The bounds of a real server. */
export const SOCKET_LIMITS: SocketLimits = {
  operations: 20,
  socketsPerAccount: 10,
  socketsPerAddress: 100,
  maxMessageBytes: 1 << 20,
  maxBufferedBytes: 1 << 20,
  messagesPerSecond: 50,
  messageBurst: 100,
  initTimeoutMs: 3_000,
  heartbeatMs: 12_000,
  goodbyeMs: 2_000,
  sessionCheckMs: 3_000,
  drainMs: 10_000,
};

/** Close codes beside those of the protocol (4400, 4401, 4403, 4406, 4408, 4409, 4429) and of WebSocket (1009). */
export const CLOSE = {
  /** The client reads too slowly; reconnect and continue by cursor. */
  tooSlow: 1013,
  /** Too many messages. */
  tooManyMessages: 1008,
  /** The token is bad, revoked, or its account may not be used any more. */
  forbidden: 4403,
  /** The token has expired: get a new one and reconnect. */
  tokenExpired: 4410,
  /** Too many operations or sockets. */
  tooMany: 4420,
  /** Planned restart: reconnect after a random wait. */
  restart: 4500,
  /** A fault of this server. */
  fault: 4510,
} as const;
