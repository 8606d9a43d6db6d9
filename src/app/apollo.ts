/** The Apollo service: one schema, limits before execution, masked errors. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Services } from '../platform/context.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { formatGraphQLError } from '../platform/graphql/errors.js';
import { limitsRule } from '../platform/graphql/limits/limits.js';
import { currentRequestId } from '../platform/logger.js';
import { limitsOf } from './operation-gate.js';

/** Documents that clients have registered by their hash (automatic persisted queries), of each process, in bytes. */
const PERSISTED_DOCUMENTS_BYTES = 4 * 2 ** 20;

/** Builds the Apollo server; `start()` is the caller's. */
export function createApollo(
  schema: GraphQLSchema,
  services: Services,
  plugins: readonly ApolloServerPlugin<GraphQLContext>[],
): ApolloServer<GraphQLContext> {
  const { graphql } = services.config;
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: graphql.maxTokens },
    validationRules: [limitsRule(limitsOf(graphql, graphql.maxCost))],
    formatError: (formatted, error) =>
      formatGraphQLError(formatted, error, { ...services, requestId: currentRequestId() ?? '' }),
    persistedQueries: { cache: boundedCache(PERSISTED_DOCUMENTS_BYTES) },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...plugins,
    ],
  });
}

/** Remembers texts up to a size; what was used least recently goes first. */
function boundedCache(maxBytes: number) {
  const texts = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (text, key) => Buffer.byteLength(text) + key.length,
  });
  return {
    get: (key: string) => Promise.resolve(texts.get(key)),
    set: async (key: string, text: string) => {
      texts.set(key, text);
    },
    delete: (key: string) => Promise.resolve(texts.delete(key)),
  };
}
