/** Documents that came over sockets, parsed and validated once for everybody who sends the same text. */
import {
  GraphQLError,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { limitsRule, parseLimited } from '../platform/graphql/limits/limits.js';
import type { OperationLimits } from '../platform/graphql/limits/operation-limits.js';

const MAX_DOCUMENTS = 1000;
const MAX_TOTAL_LENGTH = 4_000_000;

/** Reads documents. */
export class SocketDocuments {
  private readonly valid = new LRUCache<string, DocumentNode>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_TOTAL_LENGTH,
    sizeCalculation: (_document, text) => text.length + 1,
  });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: OperationLimits,
  ) {}

  /** The valid document of a text; equal texts give the same object. */
  read(text: string): DocumentNode | readonly GraphQLError[] {
    const known = this.valid.get(text);
    if (known) return known;
    try {
      const document = parseLimited(text, this.limits);
      const errors = validate(this.schema, document, [...specifiedRules, limitsRule(this.limits)]);
      if (errors.length > 0) return errors.map(withCode);
      this.valid.set(text, document);
      return document;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }
}

function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions['code'] !== undefined) return error;
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED' };
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    positions: error.positions,
    source: error.source,
    extensions,
  });
}
