// What a browser adds to requests by itself proves nobody: there is no cookie to steal, to fix beforehand, or to ride on.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

let world: World;
let ada: Person;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { token } }`;

/** Everything by which a browser might carry a token without being asked. */
const cookieOf = (token: string): string =>
  ['token', 'session', 'authorization', '__Host-session', 'sid']
    .map((name) => `${name}=${token}`)
    .join('; ');

async function signIn(
  who: Person,
  headers: Record<string, string> = {},
  along: string | null = null,
): Promise<string> {
  const answer = await world.graphql<{ signIn: { token: string } }>(
    SIGN_IN,
    { input: { login: who.username, password: WORLD_PASSWORD } },
    along,
    { ...fromFreshAddress(), ...headers },
  );
  expect(answer.headers.get('set-cookie')).toBeNull();
  return answer.data.signIn.token;
}

const statusOf = async (token: string): Promise<number> =>
  (await world.graphql('{ viewer { id } }', {}, token)).status;

test('A08 signing in makes a token that nobody chose or had before, and signing out ends that one alone', async () => {
  const chosen = `trs_${'A'.repeat(43)}`;
  const tokens = [
    ada.token,
    await signIn(ada, { cookie: cookieOf(chosen) }),
    await signIn(ada, { cookie: cookieOf(ada.token) }, ada.token),
    await signIn(ada),
  ];
  expect(new Set([chosen, ...tokens]).size).toBe(5);
  expect(await statusOf(chosen)).toBe(401);
  const out = await world.graphql('mutation { signOut { userErrors { code } } }', {}, tokens[1]);
  expect(out.headers.get('set-cookie')).toBeNull();
  expect(await Promise.all(tokens.map((token) => statusOf(token)))).toEqual([200, 401, 200, 200]);
});

test('A08 no page sets a cookie, and a token in a cookie proves nobody', async () => {
  const headers = { cookie: cookieOf(ada.token) };
  for (const path of ['/', '/@ada', '/account/verify-email', '/graphql/schema.graphql', '/x']) {
    const response = await fetch(world.origin + path, { headers });
    expect([path, response.headers.get('set-cookie')]).toEqual([path, null]);
  }
  const asked = await world.graphql('{ viewer { id } }', {}, null, headers);
  expect([asked.status, asked.data]).toEqual([200, { viewer: null }]);
});

const SET_ROLE = `mutation ($input: SetRoleInput!) { setRole(input: $input) { userErrors { code } } }`;

test('A08 a new role lends nothing to tokens from before, and one that is taken away ends them all', async () => {
  const [hal, admin] = [await world.local('hal'), await world.admin()];
  const give = async (role: string): Promise<void> => {
    const input = { actorId: hal.actorGlobalId, role };
    expect((await admin.graphql(SET_ROLE, { input })).data).toEqual({
      setRole: { userErrors: [] },
    });
  };
  const staffView = async (token: string): Promise<unknown> => {
    const { errors } = await world.graphql('{ admin { role } }', {}, token);
    return errors?.[0]?.extensions['code'] ?? 'DONE';
  };
  await give('MODERATOR');
  expect(await staffView(hal.token)).toBe('INSUFFICIENT_SCOPE');
  const ofStaff = await signIn(hal);
  expect(await staffView(ofStaff)).toBe('DONE');
  await give('USER');
  expect([await statusOf(hal.token), await statusOf(ofStaff)]).toEqual([401, 401]);
  expect(await staffView(await signIn(hal))).toBe('INSUFFICIENT_SCOPE');
});

/** What a form of any page can send without asking: the three encodings, fields as an API might read them. */
const FORMS: readonly (readonly [type: string, body: (document: string) => string])[] = [
  [
    'application/x-www-form-urlencoded',
    (document) => new URLSearchParams({ query: document, operations: document }).toString(),
  ],
  ['text/plain', (document) => JSON.stringify({ query: document, ignored: '=' })],
  [
    'multipart/form-data; boundary=x',
    (document) =>
      ['operations', 'query', 'file']
        .map(
          (name) =>
            `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${JSON.stringify({ query: document })}\r\n`,
        )
        .join('') + '--x--\r\n',
  ],
];

const STATE = statement(
  'test.state_of_person',
  `select jsonb_agg(row order by row) as state from (
     select jsonb_build_array('account', a.state, a.email, a.settings, a.password_hash) as row from accounts a where id = $1
     union all select jsonb_build_array('session', s.id, s.revoked_at) from sessions s where s.account_id = $1
     union all select jsonb_build_array('upload', u.id) from uploads u
     union all select jsonb_build_array('actor', t.display_name, t.status) from actors t join accounts a on a.actor_id = t.id where a.id = $1
   ) rows`,
);

test('A09 a form of another site is refused at every door, and changes nothing for whom it rides on', async () => {
  const { database } = world.services;
  const stateOf = () => database.row(STATE, [ada.accountId]);
  const before = await stateOf();
  const uuid = crypto.randomUUID();
  const doors = [
    '/graphql',
    `/graphql?query=${encodeURIComponent('mutation { signOut { ok } }')}`,
    '/oauth/authorize',
    '/account/reset-password',
    '/account/verify-email',
    '/account/undo-email-change',
    '/notifications/unsubscribe',
    '/uploads',
    `/uploads/${uuid}`,
    '/uploads/tus',
    `/uploads/tus/${uuid}`,
    `/exports/${uuid}`,
    '/emojis',
    '/inbox',
    `/actors/${ada.actorId}/inbox`,
    `/conversations/${uuid}/submit`,
    '/@ada',
    '/',
  ];
  const document =
    'mutation { updateProfile(input: { displayName: "Owned" }) { userErrors { code } } }';
  for (const path of doors)
    for (const [type, body] of FORMS) {
      const headers = {
        'content-type': type,
        cookie: cookieOf(ada.token),
        origin: 'https://evil.example',
      };
      const response = await fetch(world.origin + path, {
        method: 'POST',
        headers,
        body: body(document),
      });
      const isRefused = response.status >= 400 && response.status < 500;
      expect([path, type, isRefused || response.status]).toEqual([path, type, true]);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  expect(await stateOf()).toEqual(before);
});
