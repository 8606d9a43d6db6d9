// Who gets in: modes, invites, approval, the proof of work, and how often one may try.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { statement } from '../../src/platform/db/database.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

const REGISTER = `mutation ($input: RegisterAccountInput!) {
  registerAccount(input: $input) { token nextStep actor { id username } userErrors { code path } }
}`;

interface Registered {
  token: string | null;
  nextStep: string | null;
  actor: { id: string; username: string } | null;
  userErrors: { code: string; path: string[] | null }[];
}

let number = 0;

async function register(
  world: World,
  changes: Record<string, unknown> = {},
  headers = fromFreshAddress(),
): Promise<Registered> {
  number += 1;
  const input = {
    username: `person_${number}`,
    email: `person_${number}@people.example`,
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
    ...changes,
  };
  const answer = await world.graphql<{ registerAccount: Registered }>(
    REGISTER,
    { input },
    null,
    headers,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.registerAccount;
}

const refused = (code: string, path: string[] | null = null) => ({
  token: null,
  nextStep: null,
  actor: null,
  userErrors: [{ code, path }],
});

describe('an open server', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  test('A18 the sixth registration within half an hour from one network is refused, and from one IPv6 /64', async () => {
    for (const address of ['192.0.2.7', '2001:db8:1:2::']) {
      const from = (index: number) => ({
        'x-forwarded-for': address.endsWith('::') ? `${address}${index}` : address,
      });
      for (let index = 1; index <= 5; index++) {
        expect((await register(world, {}, from(index))).userErrors).toEqual([]);
      }
      expect(await register(world, {}, from(6))).toEqual(refused('RATE_LIMITED'));
    }
    expect(
      (await register(world, {}, { 'x-forwarded-for': '2001:db8:1:3::1' })).userErrors,
    ).toEqual([]);
  });

  test('refused registrations count against a larger limit of their own, and repeats count once', async () => {
    await using strict = await startWorld({
      REGISTRATIONS_PER_NETWORK: '2',
      REGISTRATION_ATTEMPTS_PER_NETWORK: '9',
    });
    const here = fromFreshAddress();
    for (let index = 0; index < 4; index++)
      expect(await register(strict, { username: 'admin' }, here)).toEqual(
        refused('USERNAME_TAKEN', ['username']),
      );
    const key = { username: 'once', email: 'once@people.example', idempotencyKey: 'one' };
    for (let index = 0; index < 2; index++)
      expect((await register(strict, key, here)).userErrors).toEqual([]);
    expect((await register(strict, {}, here)).userErrors).toEqual([]);
    expect(await register(strict, {}, here)).toEqual(refused('RATE_LIMITED'));
    const there = fromFreshAddress();
    for (let index = 0; index < 9; index++) await register(strict, { username: 'admin' }, there);
    expect(await register(strict, {}, there)).toEqual(refused('RATE_LIMITED'));
    // Whoever sits at the machine itself has only the larger limit.
    for (let index = 0; index < 4; index++)
      expect((await register(strict, {}, {})).userErrors).toEqual([]);
  });

  test('the server describes itself, and an administrator changes what it says', async () => {
    const ABOUT = `{ instance {
      domain name description software version sourceUrl languages contactEmail privacyPolicy schemaSdlUrl
      rules { text hint position }
      registrations { mode message minimumAge requiresCaptcha requiresEmailVerification challenge { challenge } }
      limits {
        maxQueryCost maxQueryDepth maxPageSize
        captionLength commentLength altTextLength albumItems imageBytes supportedMimeTypes
      } features { photos videos stories search chat federation }
    } }`;
    const before = await world.graphql<{ instance: Record<string, unknown> }>(ABOUT);
    expect(before.errors).toBeUndefined();
    expect(before.data.instance).toMatchObject({
      domain: 'a.example',
      name: 'Triptych',
      software: 'triptych',
      sourceUrl: null,
      languages: ['en'],
      rules: [],
      registrations: { mode: 'OPEN', minimumAge: 16, requiresCaptcha: false, challenge: null },
      limits: {
        maxQueryCost: 1000,
        maxQueryDepth: 15,
        maxPageSize: 100,
        captionLength: 5000,
        commentLength: 2200,
        altTextLength: 1500,
        albumItems: 20,
        imageBytes: '40000000',
        supportedMimeTypes: expect.arrayContaining(['image/jpeg', 'image/heic']),
      },
      features: {
        photos: true,
        videos: true,
        stories: true,
        search: true,
        chat: true,
        federation: true,
      },
      schemaSdlUrl: 'https://a.example/graphql/schema.graphql',
    });
    const UPDATE = `mutation ($input: UpdateInstanceInput!) {
      updateInstance(input: $input) { instance { name rules { id text hint position } } userErrors { code path } }
    }`;
    const input = {
      name: 'Kites & Co',
      registrationMessage: 'Be <b>kind</b>.',
      rules: [{ text: 'Be kind.', hint: 'Always.' }, { text: 'No adverts.' }],
      privacyPolicy: '# We keep little',
      blockedEmailDomains: ['Spam.example'],
    };
    const admin = await world.admin();
    const changed = await admin.graphql<{
      updateInstance: { instance: { rules: { id: string }[] }; userErrors: unknown[] };
    }>(UPDATE, { input });
    expect(changed.data.updateInstance.userErrors).toEqual([]);
    const [first, second] = changed.data.updateInstance.instance.rules;
    const NODE = 'query ($id: ID!) { node(id: $id) { ... on Rule { text position } } }';
    expect((await world.graphql(NODE, second)).data).toEqual({
      node: { text: 'No adverts.', position: 2 },
    });

    const kept = [
      { id: second!.id, text: 'No adverts at all.' },
      { id: first!.id, text: 'Be kind.' },
    ];
    const reordered = await admin.graphql<typeof changed.data>(UPDATE, { input: { rules: kept } });
    expect(reordered.data.updateInstance.instance.rules).toEqual([
      { id: second!.id, text: 'No adverts at all.', hint: null, position: 1 },
      { id: first!.id, text: 'Be kind.', hint: null, position: 2 },
    ]);
    const after = await world.graphql<{ instance: Record<string, unknown> }>(ABOUT);
    expect(after.data.instance).toMatchObject({
      name: 'Kites & Co',
      privacyPolicy: '# We keep little',
      registrations: { message: '<p>Be &#60;b&#62;kind&#60;/b&#62;.</p>' },
    });
    const fromBlocked = await register(world, { email: 'eve@mail.SPAM.example' });
    expect(fromBlocked).toEqual(refused('INVALID_INPUT', ['email']));
  });

  test('A14 a person without the role reaches neither the staff’s root nor its mutations', async () => {
    const ada = await world.local('ada');
    const operations = [
      '{ admin { pendingRegistrations { nodes { id } } } }',
      `mutation { decideRegistration(input: { actorId: "x", approve: true }) { userErrors { code } } }`,
      'mutation { updateInstance(input: { name: "mine" }) { userErrors { code } } }',
    ];
    for (const operation of operations) {
      const answer = await ada.graphql(operation);
      expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual([
        'INSUFFICIENT_SCOPE',
      ]);
    }
  });

  test('A14 a token keeps its scopes but not its power when the role is taken away', async () => {
    const former = await world.moderator('former_mod');
    expect((await former.graphql('{ admin { invites { nodes { id } } } }')).errors).toBeUndefined();
    await world.services.database.rows(
      statement('test.demote', `update accounts set role = 'USER' where id = $1`),
      [former.accountId],
    );
    const query = await former.graphql('{ admin { invites { nodes { id } } } }');
    expect(query.errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
    const mutation = await former.graphql(
      `mutation ($id: ID!) { decideRegistration(input: { actorId: $id, approve: true }) { userErrors { code } } }`,
      { id: former.actorGlobalId },
    );
    expect(mutation.data).toEqual({ decideRegistration: { userErrors: [{ code: 'FORBIDDEN' }] } });
    const invite = await former.graphql(
      'mutation { createInvite(input: {}) { invite { isByStaff maxUses } userErrors { code } } }',
    );
    expect(invite.data).toEqual({
      createInvite: { invite: { isByStaff: false, maxUses: 50 }, userErrors: [] },
    });
  });

  test('A17 nothing but what the input names can be set from outside', async () => {
    for (const field of ['role', 'state', 'isAdmin', 'emailVerified', 'actorId', 'settings']) {
      const answer = await world.graphql(
        REGISTER,
        {
          input: {
            username: 'mallory',
            email: 'm@people.example',
            password: WORLD_PASSWORD,
            agreedToRules: true,
            [field]: 'OWNER',
          },
        },
        null,
        fromFreshAddress(),
      );
      expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([
        400,
        'BAD_USER_INPUT',
      ]);
    }
    const made = await world.services.database.rows(
      statement('test.mallory', `select 1 from actors where username = 'mallory'`),
    );
    expect(made).toHaveLength(0);
  });
});

describe('a server by invitation', () => {
  let world: World;
  let mod: Person;

  beforeAll(async () => {
    world = await startWorld();
    mod = await world.moderator();
    const admin = await world.admin();
    await admin.graphql(
      'mutation { updateInstance(input: { registrationMode: INVITE }) { userErrors { code } } }',
    );
  });

  afterAll(() => world[Symbol.asyncDispose]());

  async function invite(input: Record<string, unknown>): Promise<{ id: string; code: string }> {
    const CREATE = `mutation ($input: CreateInviteInput!) {
      createInvite(input: $input) { invite { id code uses maxUses createdBy { username } } userErrors { code } }
    }`;
    const answer = await mod.graphql<{
      createInvite: { invite: { id: string; code: string }; userErrors: unknown[] };
    }>(CREATE, { input });
    expect(answer.data.createInvite).toMatchObject({
      invite: { uses: 0, createdBy: { username: 'mod_mia' } },
      userErrors: [],
    });
    return answer.data.createInvite.invite;
  }

  test('nobody registers without an invite, nor with an unknown one', async () => {
    expect(await register(world)).toEqual(refused('REGISTRATION_CLOSED', ['inviteCode']));
    expect(await register(world, { inviteCode: 'no-such-code' })).toEqual(
      refused('EXPIRED', ['inviteCode']),
    );
  });

  test('A18 an invite for one lets one in, also when ten try at once, and a name that is taken does not use it up', async () => {
    const { id, code } = await invite({ maxUses: 1 });
    expect((await register(world, { username: 'mod_mia', inviteCode: code })).userErrors).toEqual([
      { code: 'USERNAME_TAKEN', path: ['username'] },
    ]);
    const tried = await Promise.all(
      Array.from({ length: 10 }, () => register(world, { inviteCode: code })),
    );
    expect(tried.filter((entry) => entry.actor !== null)).toHaveLength(1);
    expect(tried.flatMap((entry) => entry.userErrors.map((error) => error.code))).toEqual(
      Array<string>(9).fill('EXPIRED'),
    );
    const INVITE = 'query ($id: ID!) { node(id: $id) { ... on Invite { uses maxUses } } }';
    expect((await mod.graphql(INVITE, { id })).data).toEqual({ node: { uses: 1, maxUses: 1 } });
    const actors = await world.services.database.rows(
      statement('test.invited', `select 1 from accounts where invite_id is not null`),
    );
    expect(actors).toHaveLength(1);
  });

  test('an invite that is over lets nobody in', async () => {
    const { code } = await invite({
      expiresAt: new Date(world.clock.now().getTime() + 60_000).toISOString(),
    });
    world.clock.advance(61);
    expect(await register(world, { inviteCode: code })).toEqual(refused('EXPIRED', ['inviteCode']));
  });

  test('the same idempotency key makes one invite', async () => {
    const first = await invite({ maxUses: 3, idempotencyKey: 'k1' });
    expect(await invite({ maxUses: 3, idempotencyKey: 'k1' })).toEqual(first);
  });

  test('a closed server takes nobody, not even with an invite', async () => {
    const { code } = await invite({});
    const admin = await world.admin();
    await admin.graphql(
      'mutation { updateInstance(input: { registrationMode: CLOSED }) { userErrors { code } } }',
    );
    expect(await register(world, { inviteCode: code })).toEqual(refused('REGISTRATION_CLOSED'));
  });
});

describe('a server with approval', () => {
  let world: World;
  let mod: Person;

  beforeAll(async () => {
    world = await startWorld();
    mod = await world.moderator();
    await (
      await world.admin()
    ).graphql(
      'mutation { updateInstance(input: { registrationMode: APPROVAL }) { userErrors { code } } }',
    );
  });

  afterAll(() => world[Symbol.asyncDispose]());

  const DECIDE = `mutation ($input: DecideRegistrationInput!) {
    decideRegistration(input: $input) { actor { isApproved actor { username } } userErrors { code path } }
  }`;

  const signIn = async (login: string): Promise<unknown> => {
    const SIGN_IN = `mutation ($login: String!) {
      signIn(input: { login: $login, password: "${WORLD_PASSWORD}" }) { userErrors { code } }
    }`;
    return (await world.graphql(SIGN_IN, { login }, null, fromFreshAddress())).data;
  };

  test('a person waits unseen until a moderator lets them in', async () => {
    expect(await register(world)).toEqual(refused('INVALID_INPUT', ['reason']));
    const made = await register(world, { username: 'hopeful', reason: 'I photograph moss.' });
    expect(made).toMatchObject({
      token: null,
      nextStep: 'AWAIT_APPROVAL',
      actor: { username: 'hopeful' },
    });
    const LOOK = `query ($id: ID!) { actor(by: { handle: "hopeful" }) { id } node(id: $id) { id }
      url: actor(by: { url: "https://a.example/@hopeful" }) { id } }`;
    expect((await mod.graphql(LOOK, made.actor!)).data).toEqual({
      actor: null,
      node: null,
      url: null,
    });
    expect(await signIn('hopeful')).toEqual({
      signIn: { userErrors: [{ code: 'APPROVAL_REQUIRED' }] },
    });
    const PENDING = `{ admin { pendingRegistrations { nodes { registrationReason isApproved actor { id username } } } } }`;
    expect((await mod.graphql(PENDING)).data).toEqual({
      admin: {
        pendingRegistrations: {
          nodes: [
            { registrationReason: 'I photograph moss.', isApproved: false, actor: made.actor },
          ],
        },
      },
    });
    const decisions = await Promise.all(
      [true, true].map((approve) =>
        mod.graphql(DECIDE, { input: { actorId: made.actor!.id, approve } }),
      ),
    );
    expect(decisions.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        {
          decideRegistration: {
            actor: { isApproved: true, actor: { username: 'hopeful' } },
            userErrors: [],
          },
        },
        {
          decideRegistration: {
            actor: null,
            userErrors: [{ code: 'CONFLICT', path: ['actorId'] }],
          },
        },
      ]),
    );
    expect((await mod.graphql(LOOK, made.actor!)).data).toEqual({
      actor: { id: made.actor!.id },
      node: { id: made.actor!.id },
      url: { id: made.actor!.id },
    });
    expect(await signIn('hopeful')).toEqual({ signIn: { userErrors: [] } });
  });

  test('a refused person does not get in, and looks unknown', async () => {
    const made = await register(world, { username: 'refused_one', reason: 'SEO' });
    const input = { actorId: made.actor!.id, approve: false, reason: 'No adverts here.' };
    const decided = await mod.graphql(DECIDE, { input });
    expect(decided.data).toMatchObject({
      decideRegistration: { actor: { isApproved: false }, userErrors: [] },
    });
    expect(await signIn('refused_one')).toEqual({
      signIn: { userErrors: [{ code: 'INVALID_CREDENTIALS' }] },
    });
  });
});

describe('a server with proof of work', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ REGISTRATION_CHALLENGE: 'proof-of-work' });
  });

  afterAll(() => world[Symbol.asyncDispose]());

  async function solved(): Promise<string> {
    const { data } = await world.graphql<{
      instance: { registrations: { requiresCaptcha: boolean; challenge: { challenge: string } } };
    }>('{ instance { registrations { requiresCaptcha challenge { challenge expiresAt } } } }');
    const challenge = JSON.parse(data.instance.registrations.challenge.challenge) as Challenge;
    const solution = await solveChallenge({ challenge, deriveKey });
    return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');
  }

  test('a solved challenge lets one person in, once and in time', async () => {
    expect(await register(world)).toEqual(refused('CAPTCHA_REQUIRED', ['captchaToken']));
    expect(await register(world, { captchaToken: 'e30=' })).toEqual(
      refused('CAPTCHA_REQUIRED', ['captchaToken']),
    );
    const captchaToken = await solved();
    const forged = JSON.parse(Buffer.from(captchaToken, 'base64').toString()) as {
      challenge: Challenge;
    };
    forged.challenge.parameters.expiresAt = 9_999_999_999;
    const forgedToken = Buffer.from(JSON.stringify(forged)).toString('base64');
    expect(await register(world, { captchaToken: forgedToken })).toEqual(
      refused('CAPTCHA_REQUIRED', ['captchaToken']),
    );
    const both = await Promise.all([
      register(world, { captchaToken }),
      register(world, { captchaToken }),
    ]);
    expect(both.filter((entry) => entry.actor !== null)).toHaveLength(1);
    expect(both.flatMap((entry) => entry.userErrors)).toEqual([
      { code: 'CAPTCHA_REQUIRED', path: ['captchaToken'] },
    ]);
    const late = await solved();
    world.clock.advance(20 * 60 + 1);
    expect(await register(world, { captchaToken: late })).toEqual(
      refused('CAPTCHA_REQUIRED', ['captchaToken']),
    );
  });
});
