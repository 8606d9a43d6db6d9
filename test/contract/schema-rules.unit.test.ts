import { expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';

import { schemaChanges } from './schema-changes.js';
import {
  idsWithoutNode,
  misshapenConnections,
  misshapenMutations,
  undatedDeprecations,
  undescribed,
} from './schema-rules.js';

test('an element without a description is named, whatever it is', () => {
  const schema = buildSchema(`
    "d" directive @d(a: Int) on FIELD_DEFINITION
    "d" type Query { "d" a("d" x: Int, y: Int): E b: U }
    type Bare { "d" a: Int }
    "d" enum E { "d" A B }
    "d" union U = Query | Bare
    "d" interface I { a: In_ }
    "d" scalar In_
    "d" input Put { "d" a: Int b: Int }
  `);
  expect(undescribed(schema)).toEqual([
    '@d.a',
    'Query.b',
    'Query.a.y',
    'Bare',
    'E.B',
    'I.a',
    'Put.b',
  ]);
});

test('a deprecation says when the element goes', () => {
  const schema = buildSchema(`type Query {
    a: Int @deprecated(reason: "Use b. Removal on 2027-01-31.")
    b: Int @deprecated
    c(x: Int @deprecated(reason: "Later.")): Int
  }`);
  expect(undatedDeprecations(schema)).toEqual([
    'Query.b: "No longer supported"',
    'Query.c.x: "Later."',
  ]);
});

test('a mutation has one input or none, its own payload, and userErrors', () => {
  const schema = buildSchema(`
    interface UserError { code: String! }
    input FollowInput { a: Int }
    type FollowPayload { userErrors: [UserError!]! }
    type MutePayload { userErrors: [UserError!] }
    type SignOutPayload { userErrors: [UserError!]! }
    type Query { a: Int }
    type Mutation { follow(input: FollowInput!): FollowPayload! mute(id: ID!): MutePayload! signOut: SignOutPayload! block(input: FollowInput!, id: ID): FollowPayload }
  `);
  expect(misshapenMutations(schema)).toEqual([
    'mute: takes (input: MuteInput!) and nothing else',
    'mute: payload has userErrors: [UserError!]!',
    'block: takes (input: BlockInput!) and nothing else',
    'block: returns BlockPayload!',
  ]);
});

test('a connection is Relay-shaped and is paged from both ends', () => {
  const schema = buildSchema(`
    type PageInfo { hasNextPage: Boolean! }
    type PostEdge { cursor: String! node: Query! }
    type PostConnection { edges: [PostEdge!]! nodes: [Query!]! pageInfo: PageInfo! }
    type BadEdge { cursor: ID node: Query! }
    type BadConnection { edges: [BadEdge!]! nodes: [Query!] pageInfo: PageInfo }
    interface Paged { worst: PostConnection! }
    directive @listSize(slicingArguments: [String!]) on FIELD_DEFINITION
    type Query {
      good(first: Int, after: String, last: Int, before: String): PostConnection! @listSize(slicingArguments: ["first", "last"])
      bad(first: Int!, after: String, last: Int, before: String): PostConnection
      worse(first: Int = 3, after: String): BadConnection
      cheap(first: Int, after: String, last: Int, before: String): PostConnection! @listSize(slicingArguments: ["first"])
    }
  `);
  const rule =
    'takes first: Int, after: String, last: Int, before: String, and is priced by first and last';
  expect(misshapenConnections(schema)).toEqual([
    'BadConnection.edges: [Edge!]! with cursor: String! and node',
    'BadConnection.nodes: [Query!]!',
    'BadConnection.pageInfo: PageInfo!',
    `Paged.worst: ${rule}`,
    `Query.bad: ${rule}`,
    `Query.worse: ${rule}`,
    `Query.cheap: ${rule}`,
  ]);
});

test('an object with an id is a Node', () => {
  const schema = buildSchema(
    'interface Node { id: ID! } type A implements Node { id: ID! } type B { id: ID! } type C { id: ID } type Query { a: A b: B c: C }',
  );
  expect(idsWithoutNode(schema)).toEqual(['B']);
});

test('a breaking change fails unless it is declared with a reason, and a declaration needs its change', () => {
  const released = buildSchema('type Query { a: Int b: String } enum E { A }');
  const current = buildSchema('type Query { a: String } enum E { A B }');
  const removed = 'Query.b was removed.';
  const retyped = 'Query.a changed type from Int to String.';
  expect(schemaChanges(released, current, [])).toEqual({
    undeclared: [removed, retyped],
    unfounded: [],
    dangerous: ['B was added to enum type E.'],
  });
  expect(
    schemaChanges(released, current, [
      { change: removed, reason: 'Nobody used it.' },
      { change: retyped, reason: ' ' },
    ]).undeclared,
  ).toEqual([retyped]);
  expect(schemaChanges(released, released, [{ change: removed, reason: 'x' }]).unfounded).toEqual([
    removed,
  ]);
});

test('what was experimental at the release may change freely, what only mentions it may not', () => {
  const base = 'directive @experimental(reason: String) on FIELD_DEFINITION | OBJECT | ENUM';
  const released = buildSchema(
    `${base} type Trial @experimental { a: Int b: Int } enum Mode @experimental { A B } type Query { x: Int @experimental y: Trial z: Mode w: Int }`,
  );
  const current = buildSchema(
    `${base} type Trial { a: String } enum Mode { A } type Query { y: Int z: Mode }`,
  );
  expect(schemaChanges(released, current, []).undeclared).toEqual([
    'Query.w was removed.',
    'Query.y changed type from Trial to Int.',
  ]);
});
