// How many elements a field's arguments ask for, before the arguments are coerced.

import { Kind } from 'graphql';
import type { FieldNode, GraphQLField, OperationDefinitionNode, ValueNode } from 'graphql';

import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, PLAIN_LIST_SIZE } from './cost-model.js';
import type { ListSize } from '../directives.js';

/** Values of the variables of one operation, defaults applied; raw, as the client sent them. */
export type VariableValues = Pick<ReadonlyMap<string, unknown>, 'get'>;

/** Knows whether anything was asked of it: if not, other values lead to the same. */
export class ReadValues implements VariableValues {
  isRead = false;

  constructor(private readonly values: VariableValues) {}

  get(name: string): unknown {
    this.isRead = true;
    return this.values.get(name);
  }
}

/** Variables as sent, completed by the defaults that the operation declares. */
export function variableValues(
  operation: OperationDefinitionNode,
  sent: Readonly<Record<string, unknown>>,
): VariableValues {
  const values = new Map<string, unknown>();
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
    values.set(
      name,
      value === undefined && defaultValue !== undefined ? literal(defaultValue, values) : value,
    );
  }
  return values;
}

/** Number of elements: the largest slicing argument, else what the schema assumes. */
export function elementCount(
  sizing: ListSize | undefined,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: VariableValues,
): number {
  if (sizing === undefined) return PLAIN_LIST_SIZE;
  const asked = (sizing.slicingArguments ?? [])
    .map((name) => slice(argumentValue(field, node, name, variables)))
    .filter((size) => size !== undefined);
  if (asked.length > 0) return Math.max(...asked);
  return (
    sizing.assumedSize ??
    (sizing.slicingArguments === undefined ? PLAIN_LIST_SIZE : DEFAULT_PAGE_SIZE)
  );
}

/** Value of `if:` on @skip and @include; undefined when it is not a boolean. */
export function booleanValue(
  node: ValueNode | undefined,
  variables: VariableValues,
): boolean | undefined {
  const value = node === undefined ? undefined : literal(node, variables);
  return typeof value === 'boolean' ? value : undefined;
}

function argumentValue(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  name: string,
  variables: VariableValues,
): unknown {
  const given = node.arguments?.find((argument) => argument.name.value === name);
  const value = given === undefined ? undefined : literal(given.value, variables);
  return value ?? field.args.find((argument) => argument.name === name)?.defaultValue;
}

/** A list asks for as many elements as it has items; anything that is no page size counts as the largest page. */
function slice(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? Math.min(value, MAX_PAGE_SIZE)
    : MAX_PAGE_SIZE;
}

function literal(node: ValueNode, variables: VariableValues): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables.get(node.name.value);
    case Kind.INT:
      return Number(node.value);
    case Kind.BOOLEAN:
      return node.value;
    case Kind.LIST:
      return node.values;
    case Kind.NULL:
      return null;
    default:
      return node;
  }
}
