// Which documents may be answered once for all subscribers: what differs between viewers must never be among them.
import { beforeAll, expect, test } from '@jest/globals';
import { parse, type GraphQLSchema } from 'graphql';
import { buildAppSchema } from '../../src/app/schema.js';
import { isSharedSelection } from '../../src/platform/graphql/shared-selection.js';

let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildAppSchema();
});

const openPost = (field: string): string =>
  `subscription ($id: ID!) { postChanged(postId: $id) { cursor change post { id ${field} author { handle } } } }`;

test('what is the same for all who see a post is answered once', () => {
  expect(isSharedSelection(schema, parse(openPost('caption')))).toBe(true);
});

test.each([
  'viewerState { isLiked }',
  'viewerPermissions { canEdit }',
  'captionSource',
  'reactions { count }',
  'counts { likes }',
  'comments { totalCount }',
])('%s is answered for each viewer', (field) => {
  expect(isSharedSelection(schema, parse(openPost(field)))).toBe(false);
});
