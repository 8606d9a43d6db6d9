// What is refused before it costs anything: operators in place of values (G23), and the staff's lists for strangers (G27).
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { logStatements, type StatementLog } from '../support/statements.js';
import { fromFreshAddress, startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let log: StatementLog;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  log = logStatements();
});

afterAll(async () => {
  log[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

/** Statements of an answer, without those of the budget. */
const statementsOf = ({ headers }: { headers: Headers }): string[] =>
  log.of(headers.get('x-request-id')!).filter((name) => !/rate_limits|^rlflx/.test(name));

const STAFF = `{ admin { role
  pendingRegistrations(first: 100) { nodes { email actor { handle followers(first: 10) { nodes { handle } } } } }
  invites(first: 10) { nodes { code createdBy { handle } } } } }`;

test('G27 nobody asks for the staff’s lists without a single statement', async () => {
  const answer = await world.graphql('{ admin { role } }', {}, null, fromFreshAddress());
  expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['UNAUTHENTICATED']);
  expect(statementsOf(answer)).toEqual([]);
  const dear = await world.graphql(STAFF, {}, null, fromFreshAddress());
  expect(dear.errors?.map(({ extensions }) => extensions['code'])).toEqual([
    expect.stringMatching(/^(UNAUTHENTICATED|COST_LIMIT_EXCEEDED)$/),
  ]);
  expect(statementsOf(dear)).toEqual([]);
});

test('G27 a person without the role costs the look at the token, which is one with those of others, and nothing else', async () => {
  await ada.graphql('{ viewer { id } }');
  const answer = await ada.graphql(STAFF.replace('first: 100', 'first: 5'));
  expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual([
    'INSUFFICIENT_SCOPE',
  ]);
  expect(statementsOf(answer)).toEqual([]);
});

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }';

test.each<[string, string, Record<string, unknown>]>([
  ['an operator as a login', SIGN_IN, { input: { login: { $ne: null }, password: { $gt: '' } } }],
  ['a list as a login', SIGN_IN, { input: { login: ['ada'], password: 'x' } }],
  [
    'an operator as a name',
    'query ($by: ActorLocator!) { actor(by: $by) { id } }',
    { by: { handle: { $like: '%' } } },
  ],
  [
    'a direction that is none',
    'query ($sort: CommentSort!) { node(id: "x") { ... on PhotoPost { comments(sort: $sort) { nodes { id } } } } }',
    { sort: 'NEWEST; drop table posts' },
  ],
  [
    'a filter with a field of its own',
    'query ($filter: TimelineFilter) { publicTimeline(filter: $filter) { nodes { id } } }',
    { filter: { $where: '1=1' } },
  ],
  [
    'an operator in a filter',
    'query ($filter: TimelineFilter) { publicTimeline(filter: $filter) { nodes { id } } }',
    { filter: { languages: { $in: ['en'] } } },
  ],
])('G23 %s is refused without a statement', async (_name, document, variables) => {
  const answer = await world.graphql(document, variables, null, fromFreshAddress());
  expect(answer.errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  expect(statementsOf(answer)).toEqual([]);
});

test('G23 SQL in a text is a text', async () => {
  for (const name of [`x' or '1'='1`, `x"; drop table posts; --`, '%', '_', '\\', '$1']) {
    const answer = await world.graphql<{ hashtag: null }>(
      'query ($name: String!) { hashtag(name: $name) { id } }',
      { name },
      null,
      fromFreshAddress(),
    );
    expect([answer.errors, answer.data]).toEqual([undefined, { hashtag: null }]);
  }
});
