// The two gates that an operation passes before anything of it is executed: one for the document, which may be
// remembered per document, and one for the operation with its variables. Introspection gets no exemption.

import { GraphQLError, Kind, OperationTypeNode, parse } from 'graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode, ValidationRule } from 'graphql';

import { operationCost } from './cost.js';
import type { PricedOperation, SelectionCost } from './cost.js';
import { countDocument } from './document-counts.js';
import { DocumentMeasurer } from './document-measures.js';
import { countFieldPairs } from './field-pairs.js';
import { limitError, nestingError, textError } from './limit-error.js';
import type { Excess } from './limit-error.js';
import type { OperationLimits } from './operation-limits.js';
import { checkVariables } from './variable-limits.js';

/** Validation takes a bounded number of errors. */
const MOST_FRAGMENTS_NAMED = 10;

/** An operation that is about to be executed, and what it may use. */
export interface LimitedOperation extends PricedOperation {
  readonly limits: OperationLimits;
}

/**
 * Parses a document that is neither too long nor too many tokens.
 *
 * @throws {GraphQLError} GRAPHQL_VALIDATION_FAILED for the length; GRAPHQL_PARSE_FAILED for tokens, nesting and syntax
 */
export function parseLimited(source: string, limits: OperationLimits): DocumentNode {
  const excess = bytesExcess(source, limits);
  if (excess !== undefined) throw excess;
  try {
    return parse(source, { maxTokens: limits.maxTokens });
  } catch (error) {
    // The parser calls itself for each level until the stack is used up.
    if (error instanceof RangeError) throw nestingError(error);
    if (!(error instanceof GraphQLError)) throw error;
    const extensions = { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } };
    throw new GraphQLError(error.message, {
      source: error.source,
      positions: error.positions,
      extensions,
    });
  }
}

/** Every limit that the document breaks, whichever of its operations is chosen; empty when it breaks none. */
export function checkDocument(
  _schema: GraphQLSchema,
  document: DocumentNode,
  limits: OperationLimits,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  const measurer = new DocumentMeasurer(document);
  const tooLong =
    document.loc === undefined ? undefined : bytesExcess(document.loc.source.body, limits);
  if (tooLong !== undefined) errors.push(tooLong);
  const counts = countDocument(document);
  const report = reporter(errors, limits);
  report('Directives in the document', 'maxDirectives', counts.directives);
  report('Items in a list of the document', 'maxListItems', counts.longestList);
  report('Repeats of one field', 'maxFieldRepeats', counts.mostRepeats);
  if (counts.unstorable) errors.push(textError('A string of the document', counts.unstorable));
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  report('Operations of the document', 'maxOperations', operations.length);
  for (const node of operations) checkOperationShape(report, measurer, node);
  errors.push(...fragmentErrors(measurer));
  // The count relies on what was found above: no cycles, and nothing outside of operations of bounded size.
  if (errors.length === 0) {
    const pairs = countFieldPairs(document, limits.maxFieldPairs);
    report('Pairs of fields under one name', 'maxFieldPairs', pairs);
  }
  return errors;
}

/** What no validation of bounded work can look at; unused fragments would escape the limits of operations. */
function fragmentErrors(measurer: DocumentMeasurer): GraphQLError[] {
  const extensions = { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } };
  return [
    ...[...measurer.cyclic].map((name) => `Fragment "${name}" spreads itself.`),
    ...[...measurer.doubled].map((name) => `There can be only one fragment named "${name}".`),
    ...measurer.unused.map((name) => `Fragment "${name}" is never used.`),
  ]
    .slice(0, MOST_FRAGMENTS_NAMED)
    .map((message) => new GraphQLError(message, { extensions }));
}

/**
 * `checkDocument` as a validation rule, for Apollo, graphql-ws and `validate`.
 *
 * The other rules see an empty document in place of one that breaks a limit: their work has no bounds of its own.
 */
export function limitsRule(limits: OperationLimits): ValidationRule {
  return (context) => {
    const document = context.getDocument();
    const errors = checkDocument(context.getSchema(), document, limits);
    for (const error of errors) context.reportError(error);
    return errors.length === 0 ? {} : { Document: () => ({ ...document, definitions: [] }) };
  };
}

/**
 * Prices one operation of a valid document and passes when it stays within the limits.
 *
 * @returns cost and node count, with the breakdown by field
 * @throws {GraphQLError} BAD_USER_INPUT for variables that are oversized or no text; COST_LIMIT_EXCEEDED for points or nodes.
 *   Extensions carry rule, limit and actual.
 */
export function checkOperation({ limits, ...operation }: LimitedOperation): SelectionCost {
  checkVariables(operation.variables ?? {}, limits);
  const price = operationCost(operation);
  if (price.cost > limits.maxCost) {
    throw limitError('Cost of the operation', {
      rule: 'maxCost',
      limit: limits.maxCost,
      actual: price.cost,
    });
  }
  if (price.nodeCount > limits.maxNodes) {
    throw limitError('Nodes that the operation may return', {
      rule: 'maxNodes',
      limit: limits.maxNodes,
      actual: price.nodeCount,
    });
  }
  return price;
}

type Report = (
  what: string,
  rule: Excess['rule'],
  actual: number,
  node?: OperationDefinitionNode,
) => void;

function reporter(errors: GraphQLError[], limits: OperationLimits): Report {
  return (what, rule, actual, node) => {
    if (actual > limits[rule])
      errors.push(limitError(what, { rule, limit: limits[rule], actual }, node));
  };
}

function checkOperationShape(
  report: Report,
  measurer: DocumentMeasurer,
  node: OperationDefinitionNode,
): void {
  const { depth, selections, aliases, width } = measurer.measure(node.selectionSet);
  report('Depth of the operation', 'maxDepth', depth, node);
  report('Fields of the operation, fragments written out', 'maxSelections', selections, node);
  report('Aliases of the operation', 'maxAliases', aliases, node);
  if (node.operation === OperationTypeNode.MUTATION)
    report('Mutations in one operation', 'maxMutationFields', width, node);
  else report('Root fields of the operation', 'maxRootFields', width, node);
}

function bytesExcess(source: string, limits: OperationLimits): GraphQLError | undefined {
  const actual = Buffer.byteLength(source);
  if (actual <= limits.maxDocumentBytes) return undefined;
  return limitError('Bytes of the document', {
    rule: 'maxDocumentBytes',
    limit: limits.maxDocumentBytes,
    actual,
  });
}
