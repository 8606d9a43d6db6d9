/**
 * graphql-transport-ws, spoken by graphql-ws: who connects, and which operations pass the gate. Queries,
 * mutations and subscriptions pass the same gate as over HTTP.
 */
import type { IncomingHttpHeaders } from 'node:http';
import {
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { makeServer, type Context, type Server } from 'graphql-ws';
import { randomUUID } from 'node:crypto';
import type { Services, Viewer } from '../platform/context.js';
import { toGraphQLContext, type GraphQLContext } from '../platform/graphql/context.js';
import { toGlobalId } from '../platform/ids.js';
import { withRequestId } from '../platform/logger.js';
import type { EventStream } from '../platform/realtime/event-stream.js';
import type { BeginningSubscriptions } from './beginning-subscriptions.js';
import type { LiveExecution, LiveHub } from './live-hub.js';
import { presentError } from './live-errors.js';
import type { Metrics } from './metrics.js';
import { limitsOf, type OperationGate } from './operation-gate.js';
import { authenticate, toCommandContext } from './request-context.js';
import { SocketDocuments } from './socket-documents.js';
import { CLOSE, type SocketLimits } from './socket-limits.js';
import type { SocketRegistry } from './socket-registry.js';
import type { Socket } from './socket.js';

/** What the protocol needs. */
export interface ProtocolParts {
  readonly services: Services;
  readonly schema: GraphQLSchema;
  readonly gate: OperationGate;
  readonly metrics: Metrics;
  readonly stream: EventStream;
  readonly hub: LiveHub;
  readonly registry: SocketRegistry;
  readonly limits: SocketLimits;
}

/** What belongs to one socket. */
export interface SocketSession {
  readonly socket: Socket;
  /** Of the request that opened it; a language that the client has named later stands in place of its own. */
  headers: IncomingHttpHeaders;
  /** Null before `connection_init`, and for anonymous clients. */
  viewer: Viewer | null;
  /** Takes the socket out of the registry of its owner. */
  release: () => void;
  readonly subscriptions: BeginningSubscriptions;
}

/** An operation that has passed the gate. */
interface Admitted extends LiveExecution {
  /** Of a subscription: says that it has begun, or never will. */
  readonly begun?: () => void;
}

type SocketContext = Context<Record<string, unknown>, SocketSession>;

/** Makes the protocol's server; sockets are handed to its `opened`. */
export function createProtocol(parts: ProtocolParts): Server<SocketSession> {
  const { schema, services } = parts;
  const { graphql } = services.config;
  const documents = new SocketDocuments(schema, limitsOf(graphql, graphql.maxCost));
  return makeServer<Record<string, unknown>, SocketSession>({
    connectionInitWaitTimeout: parts.limits.initTimeoutMs,
    onConnect: (context) => connect(parts, context),
    onSubscribe: (context, id, payload) => admit(parts, documents, context, { id, ...payload }),
    execute: (args) => run(parts, args as LiveExecution),
    subscribe: (args) => begin(parts, args as Admitted),
    onNext: (_context, _id, _payload, args, result) => {
      const errors = result.errors?.map((error) => present(parts, error, contextOf(args)));
      return errors ? { ...result, errors } : undefined;
    },
    onError: ({ extra }, _id, _payload, errors) =>
      errors.map((error) => present(parts, error, operationContext(parts, extra))),
    onClose: ({ extra }) => extra.release(),
  });
}

async function connect(parts: ProtocolParts, { connectionParams, extra }: SocketContext) {
  const { services, registry, limits, stream } = parts;
  const given = connectionParams?.['authorization'] ?? extra.headers.authorization;
  if (given !== undefined && typeof given !== 'string') return false;
  const language = connectionParams?.['acceptLanguage'];
  if (typeof language === 'string')
    extra.headers = { ...extra.headers, 'accept-language': language };
  const viewer = await viewerOf(services, given);
  if (viewer === undefined) return false;
  const release = registry.identify({ socket: extra.socket, viewer });
  if (!release) {
    extra.socket.close(CLOSE.tooMany, 'Too many sockets');
    return false;
  }
  // The client may have gone while its token was looked up.
  if (extra.socket.isOpen) extra.release = release;
  else release();
  extra.viewer = viewer;
  return {
    sessionId: viewer && toGlobalId('session', viewer.sessionId),
    heartbeatSeconds: limits.heartbeatMs / 1000,
    serverTime: services.clock.now().toISOString(),
    maxSubscriptions: limits.operations,
    cursor: stream.cursor,
  };
}

/** Undefined when the token proves nobody; null without one. */
async function viewerOf(services: Services, authorization: string | undefined) {
  try {
    return await authenticate(services, authorization);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

interface Requested {
  readonly id: string;
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
}

async function admit(
  { schema, services, gate, limits }: ProtocolParts,
  documents: SocketDocuments,
  { extra, subscriptions }: SocketContext,
  { id, query, operationName, variables }: Requested,
): Promise<Admitted | readonly GraphQLError[]> {
  if (Object.keys(subscriptions).length > limits.operations) {
    extra.socket.close(CLOSE.tooMany, 'Too many operations');
    return [new GraphQLError('Too many operations.', { extensions: { code: 'RATE_LIMITED' } })];
  }
  const contextValue = operationContext({ services }, extra);
  try {
    gate.requireBudget(contextValue);
    const document = documents.read(query);
    if (!('kind' in document)) {
      await gate.chargeRefusal(contextValue);
      return document;
    }
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      await gate.chargeRefusal(contextValue);
      return [nameless()];
    }
    const variableValues = variables ?? {};
    const args = { schema, document, operationName, variableValues, contextValue };
    const execution = { ...args, operationId: id, sink: extra.socket };
    const pass = gate.admit(contextValue, { document, operationName, variables: variableValues });
    return await inOrder(extra.subscriptions, execution, operation.operation, pass);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/**
 * Whoever subscribes, and then asks how things are, is told of what happens after that: what is no subscription waits for
 * the subscriptions that were sent before it.
 */
async function inOrder(
  subscriptions: BeginningSubscriptions,
  execution: LiveExecution,
  kind: OperationTypeNode,
  pass: Promise<unknown>,
): Promise<Admitted> {
  if (kind !== OperationTypeNode.SUBSCRIPTION) {
    await Promise.all([pass, subscriptions.begun()]);
    return execution;
  }
  const begun = subscriptions.add();
  try {
    await pass;
    return { ...execution, begun };
  } catch (error) {
    begun();
    throw error;
  }
}

async function begin({ hub }: ProtocolParts, args: Admitted) {
  try {
    return await withRequestId(args.contextValue.requestId, () => hub.start(args));
  } catch (error) {
    return failed(error);
  } finally {
    args.begun?.();
  }
}

function nameless(): GraphQLError {
  return new GraphQLError('Name one operation of the document.', {
    extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
  });
}

/** Instead of a stream: what could not be started ends with one error message, not with the socket. */
function failed(error: unknown): AsyncIterableIterator<never, void> {
  return {
    async next() {
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function run({ metrics }: ProtocolParts, args: LiveExecution) {
  const startedAt = performance.now();
  const result = await withRequestId(args.contextValue.requestId, () => execute(args));
  metrics.operationSeconds.observe(
    {
      kind: getOperationAST(args.document, args.operationName)?.operation ?? 'none',
      outcome: result.errors ? 'error' : 'ok',
    },
    (performance.now() - startedAt) / 1000,
  );
  return result;
}

function operationContext(
  { services }: Pick<ProtocolParts, 'services'>,
  session: SocketSession,
): GraphQLContext {
  const request = {
    headers: session.headers,
    clientAddress: session.socket.clientAddress,
    requestId: randomUUID(),
  };
  return toGraphQLContext(toCommandContext(services, session.viewer, request));
}

function contextOf(args: ExecutionArgs): GraphQLContext {
  return (args as LiveExecution).contextValue;
}

function present({ metrics }: ProtocolParts, error: GraphQLError, context: GraphQLContext) {
  const shown = presentError(error, context);
  const code = shown.extensions?.['code'];
  metrics.errors.inc({ code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR' });
  return shown;
}
