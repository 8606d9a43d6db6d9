/**
 * The listening socket. It opens before the database does, so that probes answer from the first
 * moment; the product's routes are mounted when there is something behind them.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import cors from 'cors';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../platform/config.js';
import { withRequestId } from '../platform/logger.js';
import { openPort } from './open-port.js';

const HEADERS_TIMEOUT_MS = 10_000;
/** How often connections are looked at whose headers are late. */
const CHECK_MS = 5_000;
/** Longest time a whole request may take to arrive: a large upload over a slow line. */
const REQUEST_TIMEOUT_MS = 60 * 60_000;
/** The same for all that is no upload, which is small. */
const BODY_MS = 30_000;
const UPLOADS = '/uploads/';
/** How often connections that became idle are closed while the server closes. */
const IDLE_LOOK_MS = 50;

/** A listening socket with an Express application behind it. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  readonly app: Express;
  readonly server: Server;
  /** The client's address, after trusted proxies; null when the connection is gone. */
  clientAddress(request: IncomingMessage): string | null;
  /**
   * Closing waits for `drain` too: connections that were upgraded do not end by themselves.
   *
   * @returns what drains at once; it happens only once, whoever asks first
   */
  beforeClose(drain: () => Promise<void>): () => Promise<void>;
  /** Takes no further requests; resolves when those that run are answered. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the port of the configuration, or `port` when given (0 = any free one). */
export async function listenHttp(config: Config, port = config.port): Promise<HttpServer> {
  const app = createApp(config);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
    },
    app,
  );
  const opened = await openPort(server, { variable: 'PORT', port });
  const drains: (() => Promise<void>)[] = [];
  return {
    app,
    server,
    port: opened,
    clientAddress: (request) => clientAddress(app, request),
    beforeClose: (drain) => {
      const once = onlyOnce(drain);
      drains.push(once);
      return once;
    },
    [Symbol.asyncDispose]: () => close(server, drains),
  };
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let started: Promise<void> | null = null;
  return () => (started ??= work());
}

/** Walks back from the connection through `X-Forwarded-For` as long as the hops are trusted, as Express does for requests. */
function clientAddress(app: Express, request: IncomingMessage): string | null {
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((hop) => hop.trim());
  const hops = [request.socket.remoteAddress ?? '', ...forwarded.reverse()].filter(
    (hop) => hop !== '',
  );
  return hops.find((hop, index) => !isTrusted(hop, index)) ?? hops.at(-1) ?? null;
}

/**
 * Ends connections on which a body does not arrive in time: many slow bodies must not hold the server. What still comes
 * after the answer is wanted by nobody, and has no longer than that, whatever it was to be.
 */
const bodyDeadline: RequestHandler = (request, response, next) => {
  const startDeadline = (): NodeJS.Timeout =>
    setTimeout(() => {
      if (!request.complete) request.destroy();
    }, BODY_MS).unref();
  const timer = request.path.startsWith(UPLOADS) ? undefined : startDeadline();
  response.once('close', () => {
    clearTimeout(timer);
    if (!request.complete) startDeadline();
  });
  next();
};

function createApp(config: Config): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', config.trustedProxies);
  app.use((_request, response, next) => {
    const requestId = crypto.randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    withRequestId(requestId, next);
  });
  app.use(bodyDeadline);
  app.use(securityHeaders(config));
  // Bearer tokens only: no cookie is ever read, so any origin may call.
  app.use(cors({ origin: '*', exposedHeaders: EXPOSED_HEADERS, maxAge: 86_400 }));
  return app;
}

const EXPOSED_HEADERS = [
  'X-Request-Id',
  'Content-Length',
  'Content-Range',
  'Accept-Ranges',
  'ETag',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Upload-Offset',
  'Upload-Length',
  'Upload-Expires',
  'Tus-Resumable',
  'Location',
];

function securityHeaders(config: Config): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity:
      config.publicUrl.protocol === 'https:'
        ? { maxAge: 31_536_000, includeSubDomains: false }
        : false,
    xFrameOptions: { action: 'deny' },
  });
}

async function close(server: Server, drains: readonly (() => Promise<void>)[]): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Whoever was answered meanwhile was told to keep the connection, and would hold it until it has been idle for long.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  await Promise.all(drains.map((drain) => drain()));
  await closed;
  clearInterval(idle);
}
