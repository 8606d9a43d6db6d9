/** Mounts the product on the listening socket: /graphql, its schema, and the routes of the slices. */
import { expressMiddleware } from '@as-integrations/express5';
import type { ApolloServer } from '@apollo/server';
import { Router, type Request, type RequestHandler } from 'express';
import { frontPageRoutes } from '../accounts/http/front-page.routes.js';
import { letterRoutes } from '../accounts/http/letter.routes.js';
import { unsubscribeRoutes } from '../notifications/http/unsubscribe.routes.js';
import { emojiArchiveRoutes } from '../emojis/http/emoji-archive.routes.js';
import { exportRoutes } from '../portability/http/export.routes.js';
import { keyLogRoutes } from '../federation/http/key-log.routes.js';
import { keyPackageRoutes } from '../federation/http/key-packages.routes.js';
import { actorCollectionRoutes } from '../federation/http/actor-collections.routes.js';
import { actorRoutes } from '../federation/http/actor.routes.js';
import { FetchGate } from '../federation/http/fetch-gate.js';
import { collectionRoutes } from '../federation/http/collection.routes.js';
import { nodeInfoRoutes } from '../federation/http/node-info.routes.js';
import { discoveryRoutes } from '../federation/http/discovery.routes.js';
import { emojiRoutes } from '../federation/http/emoji.routes.js';
import { inboxRoutes } from '../federation/http/inbox.routes.js';
import { SenderMemory } from '../federation/internal/sender-memory.js';
import { quoteAuthorizationRoutes } from '../federation/http/quote-authorization.routes.js';
import { conversationRoutes } from '../federation/http/conversation.routes.js';
import { messageRoutes } from '../federation/http/message.routes.js';
import { channelRoutes } from '../federation/http/channel.routes.js';
import { postRoutes } from '../federation/http/post.routes.js';
import { missingPage } from '../pages/http/missing-page.js';
import { pageRoutes } from '../pages/http/pages.routes.js';
import { blobRoutes } from '../media/http/blob.routes.js';
import { mediaRoutes } from '../media/http/media.routes.js';
import type { MaySee } from '../media/http/may-see.js';
import { tusRoutes } from '../media/http/tus.routes.js';
import { uploadRoutes } from '../media/http/upload.routes.js';
import { RemoteMediaUses } from '../media/remote-media-uses.js';
import { isMediaPublished, isMediaShownTo } from '../posts/media-sight.queries.js';
import { localeOf } from '../platform/messages/accept-language.js';
import { answerError } from '../platform/answer-error.js';
import type { Config } from '../platform/config.js';
import type { Services } from '../platform/context.js';
import { toGraphQLContext, type GraphQLContext } from '../platform/graphql/context.js';
import { rethrowBeforeOperation } from '../platform/graphql/errors.js';
import { graphiqlRoute } from '../platform/graphql/graphiql/route.js';
import { createApollo } from './apollo.js';
import { gatePlugin } from './gate.plugin.js';
import type { HttpServer } from './http.js';
import type { Metrics } from './metrics.js';
import { createOperationGate, type OperationGate } from './operation-gate.js';
import { authenticate, toCommandContext } from './request-context.js';
import { jsonBody } from './json-body.js';
import { notFound, requestFailed } from './last-routes.js';
import { schemaRoutes } from './schema-routes.js';
import { buildAppSchema } from './schema.js';
import { SOCKET_LIMITS, type SocketLimits } from './socket-limits.js';
import { mountSockets, type LiveSockets } from './socket-server.js';

/** Mounts every route; disposing it drains the live sockets and stops Apollo. Port and services stay the caller's. */
export async function mountServer(
  http: HttpServer,
  services: Services,
  metrics: Metrics,
  socketLimits: SocketLimits = SOCKET_LIMITS,
): Promise<LiveSockets> {
  await using stack = new AsyncDisposableStack();
  const schema = await buildAppSchema();
  const gate = createOperationGate(services, schema);
  const apollo = createApollo(schema, services, [gatePlugin(gate, metrics)]);
  await apollo.start();
  stack.defer(() => apollo.stop());
  const parts = { services, schema, gate, metrics };
  const sockets = stack.use(await mountSockets(http, parts, socketLimits));
  http.app.use(
    '/graphql',
    contentLanguage,
    schemaRoutes(schema),
    graphqlRoute(services, gate, apollo),
  );
  if (services.config.graphql.graphiql) http.app.use('/graphiql', graphiqlRoute());
  http.app.use('/account', letterRoutes());
  http.app.use('/notifications', unsubscribeRoutes(services));
  http.app.use('/uploads/tus', tusRoutes(services));
  http.app.use('/uploads', uploadRoutes(services));
  const uses = stack.use(new RemoteMediaUses(services));
  const maySee: MaySee = (mediaId, viewerId) =>
    viewerId === null
      ? isMediaPublished(services.database, mediaId)
      : isMediaShownTo(services.database, mediaId, viewerId);
  http.app.use('/media', mediaRoutes(services, uses, maySee));
  http.app.use('/blobs', blobRoutes(services));
  http.app.use('/emojis', emojiArchiveRoutes(services));
  http.app.use('/exports', exportRoutes(services));
  http.app.use(discoveryRoutes(services));
  http.app.use(nodeInfoRoutes(services));
  federationRoutes(http, services);
  http.app.use(pageRoutes(services));
  http.app.use(frontPageRoutes(services));
  http.app.use(missingPage(services));
  http.app.use(notFound(services.config));
  http.app.use(requestFailed(services));
  const owned = stack.move();
  return {
    caughtUp: () => sockets.caughtUp(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** All of them count together what each sender does. */
function federationRoutes(http: HttpServer, services: Services): void {
  const senders = new SenderMemory();
  const fetchGate = new FetchGate(services, senders);
  http.app.use(actorRoutes(services, fetchGate));
  http.app.use(actorCollectionRoutes(services, fetchGate));
  http.app.use(keyPackageRoutes(services, fetchGate));
  http.app.use(keyLogRoutes(services, fetchGate));
  http.app.use(channelRoutes(services, fetchGate));
  http.app.use(postRoutes(services, fetchGate));
  http.app.use(collectionRoutes(services, fetchGate));
  http.app.use(messageRoutes(services, fetchGate));
  http.app.use(conversationRoutes(services, fetchGate, senders));
  http.app.use(emojiRoutes(services, fetchGate));
  http.app.use(quoteAuthorizationRoutes(services, fetchGate));
  http.app.use(inboxRoutes(services, senders));
}

function graphqlRoute(
  services: Services,
  gate: OperationGate,
  apollo: ApolloServer<GraphQLContext>,
): Router {
  return Router().use(
    jsonBody(services),
    documentLimit(services.config),
    expressMiddleware(apollo, {
      context: async ({ req, res }) => {
        const requestId = String(res.locals['requestId']);
        const context = await contextOf(services, req, requestId).catch(rethrowBeforeOperation);
        gate.requireBudget(context);
        return context;
      },
    }),
  );
}

/** Says in which language messages are. */
const contentLanguage: RequestHandler = (request, response, next) => {
  response.set('Content-Language', localeOf(request)).vary('Accept-Language');
  next();
};

/** Refuses a long document before anything reads it. */
function documentLimit(config: Config): RequestHandler {
  const { maxDocumentBytes: maxBytes } = config.graphql;
  return (request, response, next) => {
    const body: unknown = request.body;
    const document =
      typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
    if (typeof document !== 'string' || Buffer.byteLength(document) <= maxBytes) {
      next();
      return;
    }
    const message = `The document is longer than ${maxBytes} bytes.`;
    answerError(config, response, { status: 400, code: 'BAD_USER_INPUT', message });
  };
}

async function contextOf(
  services: Services,
  request: Request,
  requestId: string,
): Promise<GraphQLContext> {
  const viewer = await authenticate(services, request.headers.authorization);
  const command = toCommandContext(services, viewer, {
    headers: request.headers,
    clientAddress: request.ip ?? null,
    requestId,
  });
  return toGraphQLContext(command);
}
