// Every mutation, tried by everybody: who may, and that a refusal leaves no row, no event and no job behind.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildAppSchema } from '../../src/app/schema.js';
import { changedTables, footprint } from '../support/footprint.js';
import type { GraphQLAnswer } from '../support/server.js';
import { fromFreshAddress, startWorld, type Person, type World } from '../support/world.js';
import { mutationDocument, RULES, type Outcome } from './authorization-table.js';
import { newCast, STANDINGS, type Cast } from './cast.js';

const mutations = Object.keys((await buildAppSchema()).getMutationType()!.getFields()).sort();

let world: World;
let cast: Promise<Cast> | null = null;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '1000000' });
});

afterAll(() => world[Symbol.asyncDispose]());

type Payload = { userErrors: { code: string }[] } | null;

function send(
  who: Person | null,
  name: string,
  input: object | null,
): Promise<GraphQLAnswer<Record<string, Payload> | null>> {
  const variables = input === null ? {} : { input };
  return who === null
    ? world.graphql(mutationDocument(name), variables, null, fromFreshAddress())
    : who.graphql(mutationDocument(name), variables);
}

/** What an answer says, together with the tables that it changed. */
function outcomeOf(
  answer: GraphQLAnswer<Record<string, Payload> | null>,
  name: string,
  changed: readonly string[],
): { outcome: Outcome; leftBehind: readonly string[] } {
  const refusal =
    answer.errors?.[0]?.extensions['code'] ?? answer.data?.[name]?.userErrors[0]?.code;
  if (refusal !== undefined) return { outcome: refusal as Outcome, leftBehind: changed };
  return { outcome: changed.length > 0 ? 'DONE' : 'NOTHING', leftBehind: [] };
}

test('the table has every mutation of the schema, and no other', () => {
  expect(Object.keys(RULES).sort()).toEqual(mutations);
});

test.each(Object.entries(RULES))(
  '%s does what its table says, for everybody',
  async (name, rule) => {
    const people = await (cast ??= newCast(world));
    if (rule.endsCast) cast = null;
    const found: Record<string, unknown> = {};
    for (const standing of STANDINGS) {
      const input = await rule.input({ world, cast: people });
      const before = await footprint(world.services.database);
      const answer = await send(people[standing], name, input);
      const changed = changedTables(before, await footprint(world.services.database));
      found[standing] = outcomeOf(answer, name, changed);
    }
    const expected = STANDINGS.map((standing) => [
      standing,
      { outcome: rule.outcomes[standing], leftBehind: [] },
    ]);
    expect(found).toEqual(Object.fromEntries(expected));
  },
);
