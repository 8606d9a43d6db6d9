// Makes an operation that reaches any field of the schema, with the least input that validates.
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

type AnyField = GraphQLField<unknown, unknown>;

/** An operation and where the field stands in its answer. */
export interface FieldOperation {
  readonly document: string;
  readonly path: readonly string[];
}

const SAMPLES: Readonly<Record<string, string>> = {
  ID: '"actor_00000000000000000000000000"',
  String: '"x"',
  Int: '1',
  Float: '0.5',
  Boolean: 'true',
  BigInt: '"1"',
  DateTime: '"2026-01-01T00:00:00.000Z"',
  Date: '"2026-01-01"',
  URL: '"https://a.example/"',
  LanguageTag: '"en"',
  Markdown: '"x"',
  Base64Bytes: '"eA=="',
};

/** What exists on the server that is asked. */
export interface Existing {
  /** Handle of an actor. */
  readonly handle: string;
  /** Global ids by object type, for types that only interfaces lead to. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** Builds the shortest operation to a field of an object type. */
export function operationTo(
  schema: GraphQLSchema,
  typeName: string,
  fieldName: string,
  { handle, nodes }: Existing,
): FieldOperation {
  const samples = { ...SAMPLES, Handle: JSON.stringify(handle) };
  const target = schema.getType(typeName);
  if (!isObjectType(target)) throw new Error(`${typeName} is no object type`);
  const id = nodes[typeName];
  if (id !== undefined) {
    const inner = nest([target.getFields()[fieldName]!], samples);
    return {
      document: `query { node(id: "${id}") { ... on ${typeName} ${inner} } }`,
      path: ['node', fieldName],
    };
  }
  const steps = pathTo(schema, typeName);
  const fields = [...steps.fields, target.getFields()[fieldName]!];
  return {
    document: `${steps.operation} ${nest(fields, samples)}`,
    path: fields.map(({ name }) => name),
  };
}

function nest(fields: readonly AnyField[], samples: Readonly<Record<string, string>>): string {
  return fields.reduceRight(
    (inner, field, index) =>
      `{ ${call(field, samples)} ${index === fields.length - 1 ? selection(field) : inner} }`,
    '',
  );
}

function selection(field: AnyField): string {
  return isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
}

function call(field: AnyField, samples: Readonly<Record<string, string>>): string {
  const needed = field.args.filter((arg) => isRequiredArgument(arg));
  if (needed.length === 0) return field.name;
  return `${field.name}(${needed.map((arg) => `${arg.name}: ${literal(arg.type, samples)}`).join(', ')})`;
}

function literal(type: GraphQLInputType, samples: Readonly<Record<string, string>>): string {
  const bare = isNonNullType(type) ? getNullableType(type) : type;
  if (isListType(bare)) return `[${literal(bare.ofType, samples)}]`;
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  if (!isInputObjectType(bare)) return samples[getNamedType(bare).name] ?? '"x"';
  const all = Object.values(bare.getFields());
  const chosen = bare.isOneOf
    ? [all.find(({ name }) => name === 'handle') ?? all[0]!]
    : all.filter((field) => isRequiredInputField(field));
  return `{ ${chosen.map((field) => `${field.name}: ${literal(field.type, samples)}`).join(', ')} }`;
}

interface Steps {
  readonly operation: string;
  readonly fields: readonly AnyField[];
}

/** Breadth first from the roots to a type, along fields that answer objects or lists of them. */
function pathTo(schema: GraphQLSchema, typeName: string): Steps {
  const roots: [string, GraphQLObjectType | null | undefined][] = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ];
  const root = roots.find(([, type]) => type?.name === typeName);
  if (root) return { operation: root[0], fields: [] };
  const queue: { type: GraphQLObjectType; fields: AnyField[] }[] = [
    { type: schema.getQueryType()!, fields: [] },
  ];
  const seen = new Set<string>();
  for (let at = queue.shift(); at; at = queue.shift()) {
    for (const field of Object.values(at.type.getFields())) {
      const next = getNamedType(field.type);
      if (!isObjectType(next) || seen.has(next.name)) continue;
      seen.add(next.name);
      const fields = [...at.fields, field];
      if (next.name === typeName) return { operation: 'query', fields };
      queue.push({ type: next, fields });
    }
  }
  throw new Error(`no way leads to ${typeName}: extend test/support/any-operation.ts`);
}
