// How a new server gets its owner.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mintSetupToken } from '../../src/accounts/first-admin.js';
import { fromFreshAddress, startWorld, WORLD_PASSWORD, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({
    REGISTRATION_MODE: 'closed',
    REGISTRATION_EMAIL_VERIFICATION: 'required',
    REGISTRATION_CHALLENGE: 'proof-of-work',
  });
});

afterAll(() => world[Symbol.asyncDispose]());

const REGISTER = `mutation ($input: RegisterAccountInput!) {
  registerAccount(input: $input) { token userErrors { code path } }
}`;

async function register(username: string, setupToken: string) {
  const input = {
    username,
    email: `${username}@people.example`,
    password: WORLD_PASSWORD,
    agreedToRules: true,
    setupToken,
  };
  const answer = await world.graphql<{
    registerAccount: { token: string | null; userErrors: unknown[] };
  }>(REGISTER, { input }, null, fromFreshAddress());
  return answer.data.registerAccount;
}

const refused = { token: null, userErrors: [{ code: 'EXPIRED', path: ['setupToken'] }] };

test('the newest setup token makes one owner, whatever the registration mode, and then there is none any more', async () => {
  const first = await mintSetupToken(world.services);
  const second = await mintSetupToken(world.services);
  expect(await register('admin', first!)).toEqual(refused);
  const both = await Promise.all([register('admin', second!), register('root', second!)]);
  expect(both).toEqual(
    expect.arrayContaining([refused, { token: expect.stringMatching(/^trs_/), userErrors: [] }]),
  );
  const owner = both.find(({ token }) => token !== null)!;
  const seen = await world.graphql(
    '{ viewer { role isEmailVerified grantedScopes } admin { role } }',
    {},
    owner.token,
  );
  expect(seen.data).toMatchObject({
    viewer: {
      role: 'OWNER',
      isEmailVerified: true,
      grantedScopes: expect.arrayContaining(['admin:read', 'admin:write']),
    },
    admin: { role: 'OWNER' },
  });
  expect(await mintSetupToken(world.services)).toBeNull();
});

test('a setup token is worth nothing after 24 hours', async () => {
  await using other = await startWorld();
  const token = await mintSetupToken(other.services);
  other.clock.advance(24 * 3600 + 1);
  const input = {
    username: 'admin',
    email: 'a@people.example',
    password: WORLD_PASSWORD,
    agreedToRules: true,
    setupToken: token,
  };
  const answer = await other.graphql(REGISTER, { input });
  expect(answer.data).toEqual({ registerAccount: refused });
});
