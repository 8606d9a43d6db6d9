/**
 * WebSockets on the port and path of GraphQL. Tokens only: no cookie is ever read, so the Origin of a
 * page decides nothing, and a token in the URL, where logs would keep it, is refused.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Config } from '../platform/config.js';
import { errorBody, type RefusedRequest } from '../platform/request-errors.js';
import { EventStream } from '../platform/realtime/event-stream.js';
import { BeginningSubscriptions } from './beginning-subscriptions.js';
import type { HttpServer } from './http.js';
import { LiveHub } from './live-hub.js';
import { CLOSE, SOCKET_LIMITS, type SocketLimits } from './socket-limits.js';
import { createProtocol, type ProtocolParts, type SocketSession } from './socket-protocol.js';
import { SocketRegistry } from './socket-registry.js';
import { SocketSessions } from './socket-sessions.js';
import { Socket } from './socket.js';

/** What the socket server is made from. */
export type SocketServerParts = Pick<ProtocolParts, 'services' | 'schema' | 'gate' | 'metrics'>;

/** The mounted sockets. */
export interface LiveSockets extends AsyncDisposable {
  /** Resolves when subscriptions have what was committed before the call behind them: see {@link EventStream.caughtUp}. */
  caughtUp(): Promise<void>;
}

const PATH = '/graphql';
/** Closing a thousand sockets is spread over at least this long, in ms. */
const DRAIN_MS_PER_THOUSAND = 2_000;

/** Takes upgrades of the HTTP server; disposing it closes every socket with "restart". */
export async function mountSockets(
  http: HttpServer,
  parts: SocketServerParts,
  limits: SocketLimits = SOCKET_LIMITS,
): Promise<LiveSockets> {
  await using stack = new AsyncDisposableStack();
  const { services } = parts;
  const stream = stack.use(await EventStream.open(services));
  const registry = stack.use(new SocketRegistry(limits));
  const sessions = stack.use(new SocketSessions(services, registry, limits));
  const hub = stack.use(new LiveHub(services, stream, (event) => sessions.heed(event)));
  const protocol = createProtocol({ ...parts, stream, hub, registry, limits });
  const websockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols,
  });
  const open = (websocket: WebSocket, connection: Duplex, request: IncomingMessage): void => {
    const socket = new Socket(websocket, connection, limits, http.clientAddress(request));
    const remove = registry.add(socket);
    parts.metrics.sockets.inc();
    websocket.once('close', () => {
      remove();
      parts.metrics.sockets.dec();
    });
    converse(parts, protocol, websocket, {
      socket,
      headers: request.headers,
      viewer: null,
      release: () => {},
      subscriptions: new BeginningSubscriptions(),
    });
  };
  const upgrade = (request: IncomingMessage, connection: Duplex, head: Buffer): void => {
    const refusal = refusalOf(request.url ?? '');
    if (refusal) refuse(parts.services.config, connection, refusal);
    else
      websockets.handleUpgrade(request, connection, head, (websocket) =>
        open(websocket, connection, request),
      );
  };
  http.server.on('upgrade', upgrade);
  stack.defer(
    http.beforeClose(async () => {
      http.server.off('upgrade', upgrade);
      await drain(registry, limits);
    }),
  );
  const owned = stack.move();
  return {
    caughtUp: () => stream.caughtUp(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface RefusedUpgrade extends RefusedRequest {
  readonly line: string;
}

/** Queries in the URL are refused whole: that is where tokens would be, and nothing else belongs there. */
function refusalOf(url: string): RefusedUpgrade | null {
  if (url === PATH) return null;
  const message = `Sockets open at ${PATH}, without a query.`;
  return url.startsWith(`${PATH}?`)
    ? { line: '400 Bad Request', code: 'BAD_REQUEST', message }
    : { line: '404 Not Found', code: 'NOT_FOUND', message };
}

function refuse(config: Config, connection: Duplex, { line, ...refusal }: RefusedUpgrade): void {
  const requestId = crypto.randomUUID();
  const body = JSON.stringify(errorBody(config, refusal, requestId));
  const head = [
    `HTTP/1.1 ${line}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
  ];
  connection.on('error', () => connection.destroy());
  connection.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Connects a socket with the protocol. */
function converse(
  { services }: SocketServerParts,
  protocol: ReturnType<typeof createProtocol>,
  websocket: WebSocket,
  session: SocketSession,
): void {
  const { socket } = session;
  // What a client does to its own connection is no fault of the server's; `close` follows.
  websocket.on('error', (error) => services.log.debug({ err: error }, 'socket failed'));
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => socket.send(text),
      close: (code, reason) => socket.close(code ?? CLOSE.fault, reason ?? ''),
      onMessage: (listener) => {
        socket.onMessage(listener, (error) => {
          services.log.error({ err: error }, 'socket message failed');
          socket.close(CLOSE.fault, 'Fault');
        });
      },
    },
    session,
  );
  websocket.once('close', (code, reason) => {
    Promise.resolve(closed(code, String(reason))).catch((error: unknown) => {
      services.log.error({ err: error }, 'socket did not close cleanly');
    });
  });
}

/** Spread over time, so that not all clients come back at once. */
async function drain(registry: SocketRegistry, limits: SocketLimits): Promise<void> {
  const sockets = registry.all();
  const spreadMs = Math.min(limits.drainMs, (sockets.length / 1000) * DRAIN_MS_PER_THOUSAND);
  const startedAt = performance.now();
  for (const [index, socket] of sockets.entries()) {
    const dueMs = startedAt + (spreadMs * index) / sockets.length - performance.now();
    if (dueMs > 1) await wait(dueMs);
    socket.close(CLOSE.restart, 'Restart');
  }
}
