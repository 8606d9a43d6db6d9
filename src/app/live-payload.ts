/** From one event to one serialised payload, executed once for everybody who sees the same. */
import { execute, type DocumentNode, type GraphQLSchema } from 'graphql';
import { withRequestId } from '../platform/logger.js';
import { LoaderMemory } from '../platform/graphql/loader.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { innermost, presentError } from './live-errors.js';

/** An operation as it is executed for each event. */
export interface LiveDocument {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The payload of a `next` message as JSON in UTF-8, with the brace that ends the message. */
export type LivePayload = Buffer;

/** Thrown when an event leaves nothing to send; carries what to tell the subscribers. */
export class PayloadFailed extends Error {
  constructor(readonly error: ReturnType<typeof innermost>) {
    super(error.message);
  }
}

/**
 * Executes an operation for an event.
 *
 * @param root the event, or what a pulled source makes of it
 * @param context of one of those who get the payload; loaders start empty, so nothing stale is sent
 * @throws {PayloadFailed} when the root field itself failed
 */
export async function payloadOf(
  { schema, document, operationName, variables }: LiveDocument,
  root: object,
  context: GraphQLContext,
): Promise<LivePayload> {
  const result = await withRequestId(context.requestId, () =>
    execute({
      schema,
      document,
      operationName,
      variableValues: variables,
      rootValue: root,
      contextValue: { ...context, loaders: new LoaderMemory() },
    }),
  );
  const [first] = result.errors ?? [];
  if (first && !result.data) throw new PayloadFailed(innermost(first));
  const errors = result.errors?.map((error) => presentError(error, context));
  const payload = errors ? { data: result.data, errors } : { data: result.data };
  return Buffer.from(`${JSON.stringify(payload)}}`);
}
