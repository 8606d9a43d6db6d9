// Every field that needs a scope, tried by nobody and by a token that has none: A14, and the promise of @requiresScope.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { Session } from '../../src/accounts/session.entity.js';
import { buildAppSchema } from '../../src/app/schema.js';
import { scopedFields, type ScopedField } from '../../src/platform/graphql/enforce-scopes.js';
import { newId } from '../../src/platform/ids.js';
import { operationTo } from '../support/any-operation.js';
import { comment, makeText, publish } from '../support/posts.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type World } from '../support/world.js';

const schema = await buildAppSchema();
const fields = scopedFields(schema);
const TOKEN = 'trs_a-token-without-any-scope';

let world: World;
const nodes: Record<string, string> = {};
const existing = { handle: 'ada', nodes };

beforeAll(async () => {
  world = await startWorld({
    GRAPHQL_POINTS_PER_HOUR: '1000000',
    GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '1000000',
  });
  const admin = await world.admin('ada');
  nodes['PhotoPost'] = await publish(world, admin, { caption: 'text' });
  const video = await publishVideo(world, admin);
  [nodes['VideoPost'], nodes['VideoMedia']] = [video.postId, video.mediaId];
  nodes['TextPost'] = await makeText(world, await publish(world, admin));
  nodes['Comment'] = await comment(admin, nodes['PhotoPost'], 'text');
  const now = world.clock.now();
  await world.services.database.transaction(async (tx) => {
    tx.em.create(Session, {
      id: newId<'session'>(now),
      accountId: admin.accountId,
      kind: 'SESSION',
      tokenDigest: createHash('sha256').update(TOKEN).digest(),
      scopes: [],
      createdAt: now,
      authenticatedAt: now,
    });
  });
});

afterAll(() => world[Symbol.asyncDispose]());

type Problem = { path?: unknown; extensions?: Record<string, unknown> };

async function refusals(field: ScopedField, token: string | null): Promise<readonly Problem[]> {
  const { document } = operationTo(schema, field.typeName, field.fieldName, existing);
  if (field.typeName === 'Subscription') return subscribe(document, token);
  const answer = await world.graphql(document, {}, token);
  return answer.errors ?? [];
}

function subscribe(query: string, token: string | null): Promise<readonly Problem[]> {
  const client = createClient({
    url: `${world.origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  return new Promise((resolve) => {
    const end = (problems: readonly Problem[]): void => {
      void client.dispose();
      resolve(problems);
    };
    client.subscribe(
      { query },
      {
        next: ({ errors }) => end((errors ?? []) as readonly Problem[]),
        error: (error) =>
          end(Array.isArray(error) ? (error as readonly Problem[]) : [{ extensions: { error } }]),
        complete: () => end([]),
      },
    );
  });
}

test('there are protected fields in every part of the schema', () => {
  expect(fields.length).toBeGreaterThan(30);
  const types = new Set(fields.map(({ typeName }) => typeName));
  for (const type of ['Mutation', 'Subscription', 'Viewer']) expect(types).toContain(type);
});

test.each(fields.map((field) => [`${field.typeName}.${field.fieldName}`, field] as const))(
  '%s refuses a token that lacks its scope, and names the scope',
  async (_name, field) => {
    const { path } = operationTo(schema, field.typeName, field.fieldName, existing);
    const found = (await refusals(field, TOKEN)).find(
      ({ extensions }) => extensions?.['code'] === 'INSUFFICIENT_SCOPE',
    );
    expect(found?.extensions).toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
      requiredScopes: expect.any(Array),
    });
    // A parent may be protected as well: then the refusal stands there.
    expect(path.join('.')).toMatch(new RegExp(`^${((found?.path ?? []) as string[]).join('\\.')}`));
  },
);

test.each(
  fields
    .filter(({ typeName }) => ['Mutation', 'Subscription', 'Query'].includes(typeName))
    .map((field) => [`${field.typeName}.${field.fieldName}`, field] as const),
)('%s refuses nobody with UNAUTHENTICATED', async (_name, field) => {
  const codes = (await refusals(field, null)).map(({ extensions }) => extensions?.['code']);
  expect(codes).toContain('UNAUTHENTICATED');
});
