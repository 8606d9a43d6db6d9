/** Errors as sockets show them: the same codes and the same silence as over HTTP. */
import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { withRequestId } from '../platform/logger.js';
import { formatGraphQLError, type ErrorSurroundings } from '../platform/graphql/errors.js';

/** The error that started it, below the wrappers that each layer of GraphQL adds. */
export function innermost(error: GraphQLError): GraphQLError {
  const { originalError } = error;
  return originalError instanceof GraphQLError ? innermost(originalError) : error;
}

/** Shapes one error for the client, and logs it when it is a fault. */
export function presentError(
  error: GraphQLError,
  surroundings: ErrorSurroundings,
): GraphQLFormattedError {
  const inner = withCode(innermost(error));
  const formatted = { ...inner.toJSON(), ...(error.path && { path: error.path }) };
  return withRequestId(surroundings.requestId, () =>
    formatGraphQLError(formatted, inner, surroundings),
  );
}

/** Variables that do not fit their types are the caller's mistake; GraphQL gives those errors no code. */
function withCode(error: GraphQLError): GraphQLError {
  const isOfVariable = error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION;
  if (!isOfVariable || error.originalError || error.extensions['code'] !== undefined) return error;
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
