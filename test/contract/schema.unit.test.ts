import 'reflect-metadata';

import { readdirSync, readFileSync } from 'node:fs';

import { beforeAll, expect, test } from '@jest/globals';
import { getIntrospectionQuery, isInterfaceType, parse, validate } from 'graphql';
import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';

import { buildAppSchema } from '../../src/app/schema.js';
import { checkOperation, limitsRule } from '../../src/platform/graphql/limits/limits.js';
import { ANONYMOUS_LIMITS } from '../../src/platform/graphql/limits/operation-limits.js';
import { scopedFields } from '../../src/platform/graphql/enforce-scopes.js';
import { printSdl } from '../../src/platform/graphql/sdl.js';
import { isScope } from '../../src/platform/scopes.js';
import {
  idsWithoutNode,
  misshapenConnections,
  misshapenMutations,
  undatedDeprecations,
  undescribed,
} from './schema-rules.js';

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildAppSchema();
});

test('the schema prints the same text each time, and schema.graphql is that text (else: npm run schema)', async () => {
  const sdl = printSdl(schema);
  expect(printSdl(await buildAppSchema())).toBe(sdl);
  expect(readFileSync('schema.graphql', 'utf8')).toBe(sdl);
});

test('every element of the schema is described', () => {
  expect(undescribed(schema)).toEqual([]);
});

test('every deprecation names its day of removal', () => {
  expect(undatedDeprecations(schema)).toEqual([]);
});

test('every mutation takes one input and answers with userErrors', () => {
  expect(misshapenMutations(schema)).toEqual([]);
});

test('every connection is Relay’s', () => {
  expect(misshapenConnections(schema)).toEqual([]);
});

test('every object with an id can be refetched', () => {
  expect(idsWithoutNode(schema)).toEqual([]);
});

test('every required scope exists', () => {
  const unknown = scopedFields(schema).flatMap(({ typeName, fieldName, anyOf }) =>
    anyOf.filter((scope) => !isScope(scope)).map((scope) => `${typeName}.${fieldName}: ${scope}`),
  );
  expect(unknown).toEqual([]);
});

test('G09 the introspection that tools send passes the limits of an anonymous request', () => {
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  const document = parse(getIntrospectionQuery(everything));
  expect(validate(schema, document, [limitsRule(ANONYMOUS_LIMITS)])).toEqual([]);
  expect(checkOperation({ schema, document, limits: ANONYMOUS_LIMITS }).cost).toBeLessThanOrEqual(
    ANONYMOUS_LIMITS.maxCost / 2,
  );
});

test('every example of GraphiQL is valid and affordable for the anonymous', () => {
  const examples = readdirSync('tools/graphiql/examples');
  expect(examples.length).toBeGreaterThan(0);
  for (const name of examples) {
    const document = parse(readFileSync(`tools/graphiql/examples/${name}`, 'utf8'));
    expect([name, ...validate(schema, document)]).toEqual([name]);
    expect(checkOperation({ schema, document, limits: ANONYMOUS_LIMITS }).cost).toBeLessThanOrEqual(
      ANONYMOUS_LIMITS.maxCost,
    );
  }
});

test('an interface names the type of what stands for it at once: a promise for each would slow every list', () => {
  const source = { nodeType: 'PhotoPost', typeName: 'GenericError' };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInterfaceType(type)) continue;
    const expected = type.name === 'UserError' ? source.typeName : source.nodeType;
    expect(type.resolveType?.(source, {}, {} as GraphQLResolveInfo, type)).toBe(expected);
  }
});
