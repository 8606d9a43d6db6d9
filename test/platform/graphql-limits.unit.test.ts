import { expect, test } from '@jest/globals';
import {
  buildSchema,
  getIntrospectionQuery,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
} from 'graphql';

import { limitCode } from '../../src/platform/graphql/limits/limit-error.js';
import {
  checkDocument,
  checkOperation,
  limitsRule,
  parseLimited,
} from '../../src/platform/graphql/limits/limits.js';
import {
  ANONYMOUS_LIMITS,
  VIEWER_LIMITS,
} from '../../src/platform/graphql/limits/operation-limits.js';
import { fixtureSchema as schema } from './graphql-fixture.js';
import { cpuMilliseconds } from '../support/cpu-time.js';

const limits = VIEWER_LIMITS;

/** What the document gate refuses, as [rule, actual]. */
function refused(source: string) {
  return checkDocument(schema, parse(source), limits).map(({ extensions }) => [
    extensions['rule'],
    extensions['actual'],
  ]);
}

function thrown(action: () => unknown): Record<string, unknown> {
  try {
    action();
  } catch (error) {
    if (error instanceof GraphQLError) return error.extensions;
    throw error;
  }
  throw new Error('nothing was refused');
}

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ');
const viewers = (levels: number): string =>
  levels === 1 ? 'id' : `viewer { ${viewers(levels - 1)} }`;

test('G01 depth 15 passes, depth 16 is refused with the code for depth', () => {
  expect(refused(`{ ${viewers(15)} }`)).toEqual([]);
  const [error] = checkDocument(schema, parse(`{ ${viewers(16)} }`), limits);
  expect(error?.extensions).toEqual({
    code: 'DEPTH_LIMIT_EXCEEDED',
    rule: 'maxDepth',
    limit: 15,
    actual: 16,
    http: { status: 400 },
  });
  expect(error?.message).toBe('Depth of the operation: 16, at most 15 are allowed.');
});

test('G01 depth counts through fragments, and a fragment named like introspection is no exception', () => {
  expect(
    refused(
      `{ ...__schema } fragment __schema on Query { viewer { ...__type } } fragment __type on Viewer { ${viewers(15)} }`,
    ),
  ).toEqual([['maxDepth', 16]]);
  expect(refused(`{ viewer { ... { ... on Viewer { ${viewers(15)} } } } }`)).toEqual([
    ['maxDepth', 16],
  ]);
});

test('G01 recursive fragments are refused by name, the direct and the indirect', () => {
  const messages = (source: string) =>
    checkDocument(schema, parse(source), limits).map(({ message }) => message);
  expect(messages('{ viewer { ...A } } fragment A on Viewer { viewer { ...A } }')).toEqual([
    'Fragment "A" spreads itself.',
  ]);
  expect(
    messages(
      '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { viewer { ...A } }',
    ),
  ).toEqual(['Fragment "A" spreads itself.']);
});

test('G02 cost is refused before execution with limit and actual', () => {
  const document = parse(
    'query ($n: Int) { publicTimeline(first: $n) { nodes { media { id } comments(first: 9) { nodes { id } } } } }',
  );
  const check = (n: number, bound = limits) =>
    checkOperation({ schema, document, variables: { n }, limits: bound });
  expect(check(100)).toMatchObject({ cost: 1_601, nodeCount: 1_500 });
  expect(thrown(() => check(100, ANONYMOUS_LIMITS))).toEqual({
    code: 'COST_LIMIT_EXCEEDED',
    rule: 'maxCost',
    limit: 1_000,
    actual: 1_601,
    http: { status: 400 },
  });
  expect(thrown(() => check(100, { ...limits, maxNodes: 1_499 }))).toEqual({
    code: 'COST_LIMIT_EXCEEDED',
    rule: 'maxNodes',
    limit: 1_499,
    actual: 1_500,
    http: { status: 400 },
  });
});

test('G03 fifty aliases pass, fifty-one are refused, also when fragments multiply them', () => {
  const aliased = (count: number) => `{ viewer { ${repeat(count, (i) => `a${i}: id`)} } }`;
  expect(refused(aliased(50))).toEqual([]);
  expect(refused(aliased(51))).toEqual([['maxAliases', 51]]);
  expect(refused(aliased(101))).toEqual([['maxAliases', 101]]);
  const fragment = `fragment F on Viewer { ${repeat(17, (i) => `a${i}: id`)} }`;
  expect(
    refused(`{ viewer { ...F actor { id } viewer { ...F viewer { ...F } } } } ${fragment}`),
  ).toEqual([['maxAliases', 51]]);
});

test('G04 fifty directives pass and fifty-one are refused, wherever they stand', () => {
  const included = (count: number) =>
    `{ ${repeat(count, () => `... @include(if: true) { viewer { id } }`)} }`;
  expect(refused(included(50))).toContainEqual(['maxFieldRepeats', 50]);
  expect(refused(included(50))).not.toContainEqual(['maxDirectives', 50]);
  expect(refused(included(51))).toContainEqual(['maxDirectives', 51]);
  const everywhere =
    'query ($a: Int @x) @x { viewer @x { ...F @x } } fragment F on Viewer @x { ... @x { id } }';
  expect(
    checkDocument(schema, parse(everywhere), { ...limits, maxDirectives: 5 })[0]?.extensions,
  ).toMatchObject({ rule: 'maxDirectives', actual: 6 });
});

test('G05 five hundred repeats of one field are refused, also hidden in inline fragments', () => {
  expect(refused(`{ viewer { ${repeat(20, () => 'id')} } }`)).toEqual([]);
  expect(refused(`{ viewer { ${repeat(500, () => 'id')} } }`)).toEqual([['maxFieldRepeats', 500]]);
  expect(refused(`{ viewer { ${repeat(21, () => '... { id }')} } }`)).toEqual([
    ['maxFieldRepeats', 21],
  ]);
});

test('G05 more than 5,000 tokens or 16 KiB are refused in less than 20 ms', () => {
  const long = `{ viewer { ${repeat(4_995, () => 'id')} } }`;
  expect(thrown(() => parseLimited(`${long} query B { id }`, limits))).toEqual({
    code: 'GRAPHQL_PARSE_FAILED',
    http: { status: 400 },
  });
  const huge = `# ${'x'.repeat(16_384)}\n{ viewer { id } }`;
  expect(thrown(() => parseLimited(huge, limits))).toMatchObject({
    code: 'GRAPHQL_VALIDATION_FAILED',
    rule: 'maxDocumentBytes',
    actual: 16_404,
  });
  expect(refused(huge)).toEqual([['maxDocumentBytes', 16_404]]);
  expect(thrown(() => parseLimited('{'.repeat(16_000), limits))).toEqual({
    code: 'GRAPHQL_PARSE_FAILED',
    http: { status: 400 },
  });
  const refuseBoth = (): void => {
    thrown(() => parseLimited(huge, limits));
    thrown(() => parseLimited('{'.repeat(16_000), limits));
  };
  expect(cpuMilliseconds(refuseBoth)).toBeLessThan(20);
  expect(parseLimited('{ viewer { id } }', limits).definitions).toHaveLength(1);
  expect(thrown(() => parseLimited('{ viewer ', limits))).toEqual({
    code: 'GRAPHQL_PARSE_FAILED',
    http: { status: 400 },
  });
});

test('G06 thirty fragments that double are refused within 50 ms', () => {
  const chain = repeat(30, (i) => `fragment F${i} on Viewer { ...F${i + 1} ...F${i + 1} }`);
  const document = parse(`{ viewer { ...F0 } } ${chain} fragment F30 on Viewer { id }`);
  const errors = checkDocument(schema, document, limits);
  expect(cpuMilliseconds(() => checkDocument(schema, document, limits))).toBeLessThan(50);
  expect(errors.map(({ extensions }) => extensions)).toEqual([
    {
      code: 'COST_LIMIT_EXCEEDED',
      rule: 'maxSelections',
      limit: 5_000,
      actual: 2 ** 30 + 1,
      http: { status: 400 },
    },
  ]);
});

const everyRule = (source: string) =>
  validate(schema, parse(source), [...specifiedRules, limitsRule(limits)]);
/** A set that holds the same field twice, each with such a set below it. */
const doubled = (levels: number): string =>
  levels === 0 ? 'id' : repeat(2, () => `viewer { ${doubled(levels - 1)} }`);

test.each([
  ['fields that repeat at each level', `{ ${doubled(9)} }`],
  [
    'fragments spread beside each other again and again',
    `{ ${repeat(20, () => `viewer { ${repeat(60, (i) => `...F${i}`)} }`)} }
     ${repeat(60, (i) => `fragment F${i} on Viewer { viewer { ...F${(i + 1) % 60} } }`)}`,
  ],
  [
    'fragments spread beside each other, without a cycle',
    `{ ${repeat(20, () => `viewer { ${repeat(60, (i) => `...F${i}`)} }`)} }
     ${repeat(60, (i) => `fragment F${i} on Viewer { viewer { id } }`)}`,
  ],
  ['repeats in a fragment that nothing spreads', `{ id } fragment F on Query { ${doubled(9)} }`],
  [
    'repeats in the first of two fragments of one name',
    `{ ...F } fragment F on Query { ${doubled(9)} } fragment F on Query { viewer { id } }`,
  ],
  [
    'operations that all spread a long fragment',
    `${repeat(400, (i) => `query Q${i} ($a: Int, $b: Int) { ...F }`)} fragment F on Query { ${repeat(20, () => 'viewer { id }')} }`,
  ],
])('G05 validation of %s ends in less than 60 ms', (_name, source) => {
  expect(everyRule(source)).not.toEqual([]);
  expect(cpuMilliseconds(() => everyRule(source))).toBeLessThan(60);
});

test('G05 fields that meet under one name are counted in pairs, and those below them too', () => {
  const pairs = (most: number) => (source: string) =>
    checkDocument(schema, parse(source), { ...limits, maxFieldPairs: most }).map(
      ({ extensions }) => [extensions['code'], extensions['rule'], extensions['actual']],
    );
  expect(pairs(0)('{ viewer { id } }')).toEqual([]);
  const thrice = '{ viewer { id } viewer { id } ... { viewer { id } } }';
  expect(pairs(6)(thrice)).toEqual([]);
  expect(pairs(5)(thrice)).toEqual([['COST_LIMIT_EXCEEDED', 'maxFieldPairs', 6]]);
  const spread = '{ viewer { ...F } viewer { ...F id } } fragment F on Viewer { id }';
  expect(pairs(2)(spread)).toEqual([['COST_LIMIT_EXCEEDED', 'maxFieldPairs', 3]]);
});

test('G05 thirty components that each ask for the same author pass every rule', () => {
  const author = (i: number) => `fragment C${i} on Actor { id displayName avatar { url } ...Chip }`;
  const source = `{ viewer { actor { ${repeat(20, (i) => `...C${i}`)} } } }
    ${repeat(20, author)} fragment Chip on Actor { id displayName avatar { url } counts { followers } }`;
  expect(everyRule(source)).toEqual([]);
});

test('more than fifty operations, unused and doubled fragments are refused before any other rule', () => {
  expect(refused(repeat(50, (i) => `query Q${i} { id }`))).toEqual([]);
  expect(refused(repeat(51, (i) => `query Q${i} { id }`))).toEqual([['maxOperations', 51]]);
  const messages = (source: string) => everyRule(source).map(({ message }) => message);
  expect(messages('{ nothing } fragment F on Viewer { id }')).toEqual([
    'Fragment "F" is never used.',
  ]);
  expect(
    messages('{ viewer { ...F } } fragment F on Viewer { id } fragment F on Viewer { id }'),
  ).toEqual(['There can be only one fragment named "F".']);
  const many = repeat(400, (i) => `fragment F${i} on Viewer { id }`);
  expect(messages(`{ viewer { id } } ${many}`)).toHaveLength(10);
});

test('a literal that is nested beyond what the parser can follow is refused as such', () => {
  const source = `{ nodes(ids: ${'['.repeat(8000)}`;
  expect(() => parseLimited(source, { ...limits, maxTokens: 1e6 })).toThrow(
    expect.objectContaining({
      message: 'The document is nested too deeply.',
      extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } },
    }),
  );
});

test('root fields are at most twenty, mutations at most ten, through fragments too', () => {
  expect(refused(`{ ${repeat(20, (i) => `a${i}: viewer { id }`)} }`)).toEqual([]);
  expect(
    refused(
      `{ ${repeat(20, (i) => `a${i}: viewer { id }`)} ...F } fragment F on Query { viewer { id } }`,
    ),
  ).toEqual([['maxRootFields', 21]]);
  expect(
    refused(`mutation { ${repeat(10, (i) => `a${i}: publish(input: {}) { __typename }`)} }`),
  ).toEqual([]);
  expect(
    refused(`mutation { ${repeat(11, (i) => `a${i}: publish(input: {}) { __typename }`)} }`),
  ).toEqual([['maxMutationFields', 11]]);
});

test('G09 deep introspection is refused, the standard query and that of GraphiQL are not', () => {
  const ofType = (levels: number): string =>
    levels === 0 ? 'name' : `ofType { ${ofType(levels - 1)} }`;
  expect(refused(`{ __schema { types { ${ofType(50)} } } }`)).toEqual([['maxDepth', 53]]);
  const fieldsType = (levels: number): string =>
    levels === 0 ? 'name' : `fields { type { ${fieldsType(levels - 1)} } }`;
  expect(refused(`{ __schema { types { ${fieldsType(50)} } } }`)).toEqual([['maxDepth', 103]]);
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  for (const source of [getIntrospectionQuery(), getIntrospectionQuery(everything)]) {
    const document = parse(source);
    expect(validate(schema, document, [limitsRule(ANONYMOUS_LIMITS)])).toEqual([]);
    expect(checkOperation({ schema, document, limits: ANONYMOUS_LIMITS }).cost).toBeLessThan(300);
  }
});

test('G09 introspection is priced by the size of the schema, and aliases multiply it', () => {
  const large = buildSchema(
    `type Query { ${repeat(10, (i) => `f${i}: T${i}`)} } ${repeat(300, (i) => `type T${i} { ${repeat(10, (j) => `f${j}: T${(i + j) % 300}`)} }`)}`,
  );
  const document = (aliases: number) =>
    parse(
      `{ ${repeat(aliases, (i) => `a${i}: __schema { types { fields { type { fields { type { name } } } } } }`)} }`,
    );
  const price = (aliases: number) =>
    checkOperation({ schema: large, document: document(aliases), limits }).cost;
  // 311 types with their built-in ones, 10 fields each, twice nested, at 1,000 objects a point.
  expect(price(1)).toBe(Math.ceil((1 + 311 * (1 + 10 * (1 + 1 + 10 * (1 + 1)))) / 1000));
  expect(thrown(() => price(30))).toMatchObject({
    code: 'COST_LIMIT_EXCEEDED',
    rule: 'maxCost',
    actual: 30 * 69,
  });
});

test('lists of more than 250 items are refused in variables, in literals and in defaults', () => {
  const document = parse('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }');
  const ids = (count: number) => Array.from({ length: count }, (_, i) => String(i));
  expect(checkOperation({ schema, document, variables: { ids: ids(250) }, limits }).nodeCount).toBe(
    250,
  );
  expect(
    thrown(() => checkOperation({ schema, document, variables: { ids: ids(251) }, limits })),
  ).toEqual({
    code: 'BAD_USER_INPUT',
    rule: 'maxListItems',
    limit: 250,
    actual: 251,
    http: { status: 400 },
  });
  expect(
    thrown(() =>
      checkOperation({ schema, document, variables: { a: [{ b: { c: ids(251) } }] }, limits }),
    ),
  ).toMatchObject({ rule: 'maxListItems' });
  expect(refused(`{ nodes(ids: [${ids(251).join()}]) { id } }`)).toEqual([['maxListItems', 251]]);
  expect(
    refused(`mutation { publish(input: { mediaIds: [[${ids(251).join()}]] }) { __typename } }`),
  ).toEqual([['maxListItems', 251]]);
  expect(
    refused(`query ($ids: [ID!]! = [${ids(251).join()}]) { nodes(ids: $ids) { id } }`),
  ).toEqual([['maxListItems', 251]]);
});

test('text that no database keeps is refused in variables, in literals and in defaults', () => {
  const document = parse('mutation ($input: PublishInput!) { publish(input: $input) { id } }');
  const check = (input: unknown) =>
    checkOperation({ schema, document, variables: { input }, limits });
  for (const text of ['\0', 'a\0b', '\ud800', 'b\udfff']) {
    expect(thrown(() => check({ tags: ['fine', text] }))).toEqual({
      code: 'BAD_USER_INPUT',
      http: { status: 400 },
    });
  }
  expect(() => check({ tags: ['fine', '\0'] })).toThrow(
    'The variable $input.tags.1 contains NUL or half a character.',
  );
  expect(check({ caption: '\ud83d\ude00 \u202e' }).cost).toBeGreaterThan(0);
  for (const source of [
    String.raw`{ node(id: "\u0000") { id } }`,
    String.raw`{ nodes(ids: ["a", "\u{0}"]) { id } }`,
    String.raw`query ($id: ID = "\u0000") { node(id: $id) { id } }`,
    String.raw`mutation { publish(input: { caption: "\u0000" }) { __typename } }`,
    '{ node(id: """a\0b""") { id } }',
  ]) {
    const [error] = checkDocument(schema, parse(source), limits);
    expect([error?.message, error?.extensions['code'], error?.locations?.length]).toEqual([
      'A string of the document contains NUL or half a character.',
      'GRAPHQL_VALIDATION_FAILED',
      1,
    ]);
  }
});

test('variables nested without end are refused before anything walks them', () => {
  let bomb: unknown = 0;
  for (let i = 0; i < 100_000; i++) bomb = [bomb];
  const document = parse('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }');
  expect(
    thrown(() => checkOperation({ schema, document, variables: { ids: bomb }, limits })),
  ).toMatchObject({
    code: 'BAD_USER_INPUT',
    rule: 'maxVariableDepth',
    limit: 20,
    actual: 21,
  });
});

test('each limit can be replaced', () => {
  const source = 'query A { a: viewer { id @skip(if: true) } b: viewer { id id } }';
  const strict = {
    ...limits,
    maxDocumentBytes: 10,
    maxDepth: 1,
    maxAliases: 1,
    maxRootFields: 1,
    maxDirectives: 0,
    maxFieldRepeats: 1,
    maxSelections: 2,
  };
  expect(
    checkDocument(schema, parse(source), strict)
      .map(({ extensions }) => extensions['rule'])
      .toSorted(),
  ).toEqual([
    'maxAliases',
    'maxDepth',
    'maxDirectives',
    'maxDocumentBytes',
    'maxFieldRepeats',
    'maxRootFields',
    'maxSelections',
  ]);
  expect(thrown(() => parseLimited(source, { ...limits, maxTokens: 3 }))).toMatchObject({
    code: 'GRAPHQL_PARSE_FAILED',
  });
});

test('the code of a limit survives the wrapper that Apollo puts around validation errors', () => {
  const [error] = validate(schema, parse(`{ ${viewers(16)} }`), [limitsRule(limits)]);
  const wrapped = new GraphQLError(error?.message ?? '', {
    originalError: error,
    extensions: { ...error?.extensions, code: 'GRAPHQL_VALIDATION_FAILED' },
  });
  expect(limitCode(wrapped)).toBe('DEPTH_LIMIT_EXCEEDED');
  expect(limitCode(error)).toBe('DEPTH_LIMIT_EXCEEDED');
  expect(limitCode(new GraphQLError('other'))).toBeUndefined();
  expect(limitCode(new Error('other'))).toBeUndefined();
});
