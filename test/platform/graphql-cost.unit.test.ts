import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';

import { costBreakdown } from '../../src/platform/graphql/limits/cost-breakdown.js';
import { operationCost } from '../../src/platform/graphql/limits/cost.js';
import { fixtureSchema as schema } from './graphql-fixture.js';
import { cpuMilliseconds } from '../support/cpu-time.js';

function price(source: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const document = parse(source);
  expect(validate(schema, document, specifiedRules)).toEqual([]);
  const { cost, nodeCount } = operationCost({ schema, document, variables, operationName });
  return [cost, nodeCount];
}

const POST_CARD =
  'id caption author { id displayName avatar { url } } media { url altText } counts { likes } viewerState { isLiked }';

const HOME = `{ viewer { homeTimeline(first: 20) { pageInfo { endCursor } nodes { ${POST_CARD} viewerPermissions { canComment } } } } }`;

test.each([
  ['home timeline of 20 posts', HOME, 223, 120],
  [
    'ranked feed of 10 with explanations',
    `{ feed(algorithmId: 1, first: 10) { edges { node { ${POST_CARD} } explanation { summary contributions { signal product } } } } }`,
    180,
    110,
  ],
  [
    'profile with 30 posts, stories and highlights',
    `{ actor(id: 1) { displayName counts { followers } posts(first: 30) { pageInfo { endCursor } nodes { id media { url } } } stories { media { url } } highlights(first: 10) { nodes { cover { url } } } } }`,
    215,
    195,
  ],
  [
    'post with 20 comments of 3 replies',
    `{ post(id: 1) { comments(first: 20) { pageInfo { endCursor } nodes { author { avatar { url } } replies(first: 3) { nodes { author { displayName } } } } } } }`,
    203,
    80,
  ],
  [
    'chat list of 30 conversations',
    `{ viewer { chat { conversations(first: 30) { nodes { participants { actor { avatar { url } } } lastMessage { sentAt } } } } } }`,
    513,
    180,
  ],
  [
    'four nested pages of 100',
    `{ publicTimeline(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { nodes { replies(first: 100) { pageInfo { endCursor } nodes { id } } } } } } } } }`,
    103_020_201,
    101_010_100,
  ],
])('the published price of a %s holds', (_name, source, cost, nodes) => {
  expect(price(source)).toEqual([cost, nodes]);
});

test.each([
  ['the default of the schema', '{ publicTimeline { nodes { id } } }', {}, 21],
  ['a literal', '{ publicTimeline(first: 7) { nodes { id } } }', {}, 8],
  ['a variable', 'query ($n: Int) { publicTimeline(first: $n) { nodes { id } } }', { n: 7 }, 8],
  [
    'the default of a variable',
    'query ($n: Int = 9) { publicTimeline(first: $n) { nodes { id } } }',
    {},
    10,
  ],
  [
    'the default of the schema where the variable is absent',
    'query ($n: Int) { publicTimeline(first: $n) { nodes { id } } }',
    {},
    21,
  ],
  [
    'the default of the schema for null',
    'query ($n: Int = 9) { publicTimeline(first: $n) { nodes { id } } }',
    { n: null },
    21,
  ],
  [
    'the largest page for more than that',
    'query ($n: Int) { publicTimeline(first: $n) { nodes { id } } }',
    { n: 2_000_000 },
    101,
  ],
  [
    'the largest page for what is no size',
    'query ($n: Int) { publicTimeline(first: $n) { nodes { id } } }',
    { n: -1 },
    101,
  ],
  ['the larger of first and last', '{ publicTimeline(first: 3, last: 8) { nodes { id } } }', {}, 9],
  ['no element at all', '{ publicTimeline(first: 0) { nodes { id } } }', {}, 1],
  [
    'edges and nodes each',
    '{ publicTimeline(first: 3) { nodes { id } edges { cursor node { id } } } }',
    {},
    1 + 3 + 6,
  ],
])('a page is as large as %s', (_name, source, variables, cost) => {
  expect(price(source, variables)[0]).toBe(cost);
});

test('a variable named like a property of every object is read as any other', () => {
  expect(
    price('query ($toString: Int) { publicTimeline(first: $toString) { nodes { id } } }'),
  ).toEqual([21, 20]);
});

test.each([
  ['a plain list counts as five', '{ actor(id: 1) { stories { id } } }', [6, 5]],
  ['a list of lists counts as twenty-five', '{ actor(id: 1) { matrix { url } } }', [26, 25]],
  ['a list of scalars is free', '{ tags }', [0, 0]],
  ['an assumed size replaces five', '{ actors { id } }', [100, 100]],
  ['a list argument slices by its length', '{ nodes(ids: [1, 2, 3]) { id } }', [3, 3]],
  [
    'the weight of a field replaces that of its object',
    '{ translation(to: "en") { sentAt } }',
    [20, 0],
  ],
  ['the weight of a list is charged once', '{ search(text: "a") { id } }', [15 + 10, 10]],
  ['the weight of a scalar counts', '{ post(id: 1) { ... on TextPost { signature } } }', [4, 0]],
  ['a mutation costs ten', 'mutation { publish(input: {}) { post { id } } }', [11, 0]],
  [
    'the weight of a mutation replaces ten',
    'mutation { fetchRemote(input: {}) { __typename } }',
    [50, 0],
  ],
  ['an alias costs as much as the field', '{ a: viewer { id } b: viewer { id } }', [2, 0]],
  [
    'a repeated field is answered once',
    '{ viewer { actor { id } } viewer { actor { displayName } } }',
    [2, 0],
  ],
])('%s', (_name, source, expected) => {
  expect(price(source)).toEqual(expected);
});

test('an interface costs as much as its dearest object', () => {
  const source = (parts: string) => `{ post(id: 1) { id ${parts} } }`;
  expect(price(source('... on PhotoPost { taggedActors { id } }'))).toEqual([6, 5]);
  expect(price(source('... on VideoPost { sound { artist { id } } }'))).toEqual([3, 0]);
  expect(
    price(
      source(
        '... on PhotoPost { taggedActors { id } } ... on VideoPost { sound { artist { id } } }',
      ),
    ),
  ).toEqual([6, 5]);
  expect(
    price(source('... on Node { ... on PhotoPost { taggedActors { id } } } author { id }')),
  ).toEqual([7, 5]);
  expect(
    price(
      '{ node(id: 1) { ... on Post { media { id } } ... on Actor { posts(first: 50) { nodes { id } } } } }',
    ),
  ).toEqual([52, 50]);
});

test('what @skip and @include leave out costs nothing', () => {
  const source =
    'query ($with: Boolean!) { viewer { actor @include(if: $with) { id } chat @skip(if: $with) { conversations { nodes { id } } } } }';
  expect(price(source, { with: true })).toEqual([2, 0]);
  expect(price(source, { with: false })).toEqual([23, 20]);
  expect(
    price(
      '{ viewer { ...F @skip(if: true) ... @include(if: false) { actor { id } } } } fragment F on Viewer { actor { id } }',
    ),
  ).toEqual([1, 0]);
});

test('only the chosen operation is priced', () => {
  const source = 'query A { viewer { id } } query B { viewer { actor { id } } }';
  expect(price(source, {}, 'A')).toEqual([1, 0]);
  expect(price(source, {}, 'B')).toEqual([2, 0]);
  expect(price(source)).toEqual([0, 0]);
});

test('composing from fragments costs what writing it out costs', () => {
  const composed = `{ viewer { homeTimeline(first: 20) { pageInfo { endCursor } nodes { ...Card ...Rights } } } }
    fragment Card on Post { ...Head media { url altText } counts { likes } viewerState { isLiked } }
    fragment Head on Post { id caption author { ...Face displayName } }
    fragment Face on Actor { id avatar { url } }
    fragment Rights on Post { ...Head viewerPermissions { canComment } }`;
  expect(price(composed)).toEqual(price(HOME));
});

test('the standard introspection query is cheap, and nesting it is dearer', () => {
  const [cost = 0] = price(
    getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  );
  expect(cost).toBe(14);
  const nested =
    '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
  expect(operationCost({ schema, document: parse(nested) }).cost).toBe(23);
});

test('G06 thirty fragments that double cost 2^30 and more, exactly, in a moment', () => {
  const doubling = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on Viewer { a: viewer { ...F${i + 1} } b: viewer { ...F${i + 1} } }`,
  );
  const document = parse(
    `{ viewer { ...F0 } } ${doubling.join('\n')} fragment F30 on Viewer { id }`,
  );
  expect(operationCost({ schema, document }).cost).toBe(2 ** 31 - 1);
  expect(cpuMilliseconds(() => operationCost({ schema, document }))).toBeLessThan(50);
});

test('a cost beyond 2^53 saturates, nodes too', () => {
  const nest = (levels: number): string =>
    levels === 0 ? 'id' : `replies(first: 100) { nodes { ${nest(levels - 1)} } }`;
  const document = parse(`{ post(id: 1) { comments(first: 100) { nodes { ${nest(10)} } } } }`);
  expect(operationCost({ schema, document })).toMatchObject({
    cost: Number.MAX_SAFE_INTEGER,
    nodeCount: Number.MAX_SAFE_INTEGER,
  });
});

test('documents that recur without end, or merge in ever new ways, end too', () => {
  const cyclic = parse(
    '{ viewer { ...A } } fragment A on Viewer { viewer { ...B } } fragment B on Viewer { viewer { ...A } }',
  );
  expect(operationCost({ schema, document: cyclic }).cost).toBe(4);
  // The subsets that a path selects double with each level: a determinised automaton in disguise.
  const states = Array.from(
    { length: 40 },
    (_, i) =>
      `fragment S${i} on Viewer { a: viewer { ...S${i + 1} ...S0 } b: viewer { ...S${i + 1} } }`,
  );
  const document = parse(`{ viewer { ...S0 } } ${states.join('\n')} fragment S40 on Viewer { id }`);
  expect(operationCost({ schema, document }).cost).toBe(Number.MAX_SAFE_INTEGER);
  expect(cpuMilliseconds(() => operationCost({ schema, document }))).toBeLessThan(1000);
});

test('the breakdown adds up to the cost, whatever the page sizes', () => {
  const source = `query ($a: Int, $b: Int, $c: Int) { feed(algorithmId: 1, first: $a) { edges { node { ${POST_CARD} comments(first: $b) { nodes { author { matrix { url } posts(last: $c) { edges { node { id } } } } } } } } } search(text: "") { media { url } } }`;
  const document = parse(source);
  const size = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(size, size, size, (a, b, c) => {
      const priced = operationCost({ schema, document, variables: { a, b, c } });
      const sum = costBreakdown(priced).reduce((total, line) => total + line.cost, 0);
      expect(sum).toBe(priced.cost);
    }),
  );
  expect(
    costBreakdown(operationCost({ schema, document: parse(HOME) })).map(
      ({ path, elements, cost }) => [path, elements, cost],
    ),
  ).toEqual([
    ['viewer', 1, 1],
    ['viewer.homeTimeline', 1, 1],
    ['viewer.homeTimeline.pageInfo', 1, 1],
    ['viewer.homeTimeline.nodes', 20, 20],
    ['viewer.homeTimeline.nodes.author', 20, 20],
    ['viewer.homeTimeline.nodes.author.avatar', 20, 20],
    ['viewer.homeTimeline.nodes.media', 100, 100],
    ['viewer.homeTimeline.nodes.counts', 20, 20],
    ['viewer.homeTimeline.nodes.viewerState', 20, 20],
    ['viewer.homeTimeline.nodes.viewerPermissions', 20, 20],
  ]);
});
