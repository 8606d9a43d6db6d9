// The cost of an operation, from the schema, the document and its variables alone: what it may return at most,
// weighed. Computed before execution and never from data. Fields merge as in execution, so composing an operation
// from fragments costs no more than writing it out.

import {
  getOperationAST,
  isAbstractType,
  isCompositeType,
  OperationTypeNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  GraphQLField,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

import { fieldCost, INTROSPECTION_DIVISOR } from './cost-model.js';
import { FieldCollector } from './field-groups.js';
import { introspectionSize } from './introspection-size.js';
import { elementCount, ReadValues, variableValues } from './page-size.js';
import type { VariableValues } from './page-size.js';
import { add, multiply } from './saturating.js';

/** Points and list elements, both saturating at 2^53 − 1. */
export interface Cost {
  readonly cost: number;
  /** Objects in lists that may be returned. */
  readonly nodeCount: number;
}

/** Cost of the fields below one object. */
export interface SelectionCost extends Cost {
  readonly fields: readonly FieldShare[];
}

/** One field of a selection: `cost` = once + elements × (each + below.cost). */
export interface FieldShare extends Cost {
  readonly responseName: string;
  readonly once: number;
  readonly each: number;
  readonly elements: number;
  readonly below: SelectionCost;
}

/** What to price. */
export interface PricedOperation {
  readonly schema: GraphQLSchema;
  /** Valid for the schema; anything unknown in it costs nothing. */
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  /** As the client sent them, not coerced. */
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** Page size that a connection hands down to its lists. */
interface PageOf {
  readonly fields: readonly string[];
  readonly size: number;
}

// A document within the other limits stays far below; one that does not is too dear whatever it costs.
const MAX_VISITS = 200_000;
/** Levels of fields in one another; far more than any operation may have, and far from what the stack holds. */
const MAX_LEVELS = 500;
const NO_FIELDS: SelectionCost = { cost: 0, nodeCount: 0, fields: [] };
const TOO_DEAR: SelectionCost = {
  cost: Number.MAX_SAFE_INTEGER,
  nodeCount: Number.MAX_SAFE_INTEGER,
  fields: [],
};

/** Prices that no variable changes, by operation: documents that come again are the same objects. */
const fixedPrices = new WeakMap<OperationDefinitionNode, FixedPrice>();

interface FixedPrice {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly price: SelectionCost;
}

/**
 * Cost of one operation with its breakdown. Zero when the document has no such operation.
 * Takes time linear in the expanded document and gives up, saturated, after a fixed amount of work.
 */
export function operationCost({
  schema,
  document,
  operationName,
  variables,
}: PricedOperation): SelectionCost {
  const operation = getOperationAST(document, operationName);
  const root = operation ? schema.getRootType(operation.operation) : undefined;
  if (!operation || !root) return NO_FIELDS;
  const known = fixedPrices.get(operation);
  if (known?.schema === schema && known.document === document) return known.price;
  const values = new ReadValues(variableValues(operation, variables ?? {}));
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const pricing = new Pricing(schema, document, values, isMutation);
  const price = pricing.priceRoot(root, operation.selectionSet);
  if (!values.isRead) fixedPrices.set(operation, { schema, document, price });
  return price;
}

class Pricing {
  readonly #schema: GraphQLSchema;
  readonly #variables: VariableValues;
  readonly #collector: FieldCollector;
  readonly #mutationRoot: GraphQLObjectType | undefined;
  readonly #priced = new Map<string, SelectionCost>();
  readonly #numbers = new Map<SelectionSetNode, number>();
  #level = 0;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: VariableValues,
    isMutation: boolean,
  ) {
    this.#schema = schema;
    this.#variables = variables;
    this.#collector = new FieldCollector(schema, document, variables);
    this.#mutationRoot = isMutation ? (schema.getMutationType() ?? undefined) : undefined;
  }

  priceRoot(root: GraphQLObjectType, set: SelectionSetNode): SelectionCost {
    const total = this.#priceSets(root, [set], undefined);
    return this.#collector.visited > MAX_VISITS ? TOO_DEAR : total;
  }

  /** Each combination of type and selection sets is priced once, however often it is reached. */
  #priceSets(
    type: GraphQLNamedType,
    sets: readonly SelectionSetNode[],
    page: PageOf | undefined,
  ): SelectionCost {
    if (this.#collector.visited > MAX_VISITS || this.#level > MAX_LEVELS) return TOO_DEAR;
    const numbers = sets.map((set) => this.#numberOf(set)).join();
    const key = `${type.name}:${page === undefined ? '' : `${page.size}*${page.fields.join()}`}:${numbers}`;
    const known = this.#priced.get(key);
    if (known !== undefined) return known;
    // A cyclic document reaches its own key again: it costs nothing there, and validation refuses it.
    this.#priced.set(key, NO_FIELDS);
    this.#level += 1;
    const price = isAbstractType(type)
      ? this.#schema
          .getPossibleTypes(type)
          .map((object) => this.#priceObject(object, sets, page))
          .reduce(dearest, NO_FIELDS)
      : this.#priceObject(type, sets, page);
    this.#level -= 1;
    this.#priced.set(key, price);
    return price;
  }

  #priceObject(
    type: GraphQLNamedType,
    sets: readonly SelectionSetNode[],
    page: PageOf | undefined,
  ): SelectionCost {
    const shares: FieldShare[] = [];
    for (const [responseName, nodes] of this.#collector.collect(type, sets)) {
      const share = this.#priceField(type, responseName, nodes, page);
      if (share !== undefined) shares.push(share);
    }
    return {
      cost: shares.reduce((sum, share) => add(sum, share.cost), 0),
      nodeCount: shares.reduce((sum, share) => add(sum, share.nodeCount), 0),
      fields: shares,
    };
  }

  #priceField(
    parent: GraphQLNamedType,
    responseName: string,
    nodes: readonly FieldNode[],
    page: PageOf | undefined,
  ): FieldShare | undefined {
    const [node] = nodes;
    const field = node === undefined ? undefined : this.#definition(parent, node.name.value);
    if (node === undefined || field === undefined) return undefined;
    const { returned, onceWeight, elementWeight, listDepth, sizing } = fieldCost(
      field,
      parent === this.#mutationRoot,
    );
    const isSized = sizing?.sizedFields !== undefined;
    const pageBelow = isSized
      ? {
          fields: sizing.sizedFields ?? [],
          size: elementCount(sizing, field, node, this.#variables),
        }
      : undefined;
    const below = isCompositeType(returned)
      ? this.#priceSets(returned, selectionSets(nodes), pageBelow)
      : NO_FIELDS;
    const size =
      (page?.fields.includes(field.name) === true
        ? page.size
        : introspectionSize(this.#schema, parent.name, field.name)) ??
      elementCount(isSized ? undefined : sizing, field, node, this.#variables);
    const elements = listDepth === 0 ? 1 : size ** listDepth;
    const listed = listDepth > 0 && isCompositeType(returned) ? 1 : 0;
    const share = {
      responseName,
      once: onceWeight,
      each: elementWeight,
      elements,
      below,
      cost: add(onceWeight, multiply(elements, add(elementWeight, below.cost))),
      nodeCount: multiply(elements, add(listed, below.nodeCount)),
    };
    return isIntrospection(field) ? reduced(share) : share;
  }

  #definition(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (parent === this.#schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return 'getFields' in parent && isCompositeType(parent) ? parent.getFields()[name] : undefined;
  }

  #numberOf(set: SelectionSetNode): number {
    const number = this.#numbers.get(set) ?? this.#numbers.size;
    this.#numbers.set(set, number);
    return number;
  }
}

function selectionSets(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.map((node) => node.selectionSet).filter((set) => set !== undefined);
}

function isIntrospection(field: GraphQLField<unknown, unknown>): boolean {
  return field === SchemaMetaFieldDef || field === TypeMetaFieldDef;
}

function reduced(share: FieldShare): FieldShare {
  const cost = Math.ceil(share.cost / INTROSPECTION_DIVISOR);
  const nodeCount = Math.ceil(share.nodeCount / INTROSPECTION_DIVISOR);
  return { ...share, once: cost, each: 0, elements: 1, below: NO_FIELDS, cost, nodeCount };
}

/** The dearer alternative, with the larger node count of the two. */
function dearest(a: SelectionCost, b: SelectionCost): SelectionCost {
  const dearer = b.cost > a.cost ? b : a;
  return { ...dearer, nodeCount: Math.max(a.nodeCount, b.nodeCount) };
}
