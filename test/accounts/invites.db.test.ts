// Invites of everybody: making, revoking, who came by them, and the page that they lead to.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { hasChromium, launchBrowser } from '../platform/graphiql-browser.js';
import { block } from '../support/posts.js';
import { readQrCode } from '../support/qr-code.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mod: Person;
let admin: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  [mod, admin] = [await world.moderator(), await world.admin()];
});

afterAll(() => world[Symbol.asyncDispose]());

interface Invite {
  readonly id: string;
  readonly code: string;
  readonly url: string;
  readonly qrCodeUrl: string;
  readonly isByStaff: boolean;
  readonly uses: number;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
}

interface Answered {
  readonly invite: Invite | null;
  readonly userErrors: readonly { readonly code: string; readonly path: string[] | null }[];
}

const INVITE = `id code url qrCodeUrl isByStaff uses maxUses expiresAt revokedAt followsInviter createdBy { username }`;

async function run(
  who: Person,
  mutation: 'createInvite' | 'revokeInvite',
  input: object,
): Promise<Answered> {
  const stem = mutation.charAt(0).toUpperCase() + mutation.slice(1);
  const answer = await who.graphql<Record<string, Answered>>(
    `mutation ($input: ${stem}Input!) { ${mutation}(input: $input) { invite { ${INVITE} } userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[mutation]!;
}

async function invite(who: Person, input: object = {}): Promise<Invite> {
  const { invite: made, userErrors } = await run(who, 'createInvite', input);
  expect(userErrors).toEqual([]);
  return made!;
}

interface Registered {
  readonly token: string | null;
  readonly nextStep: string | null;
  readonly actor: { readonly id: string; readonly username: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

let number = 0;

async function register(inviteCode: string | null): Promise<Registered> {
  number += 1;
  const input = {
    username: `guest_${number}`,
    email: `guest_${number}@people.example`,
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
    inviteCode,
  };
  const answer = await world.graphql<{ registerAccount: Registered }>(
    `mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) {
      token nextStep actor { id username } userErrors { code } } }`,
    { input },
    null,
    fromFreshAddress(),
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.registerAccount;
}

const codesOf = ({ userErrors }: Pick<Registered, 'userErrors'>) =>
  userErrors.map(({ code }) => code);

async function updateInstance(changes: Record<string, unknown>): Promise<void> {
  await admin.graphql(
    'mutation ($input: UpdateInstanceInput!) { updateInstance(input: $input) { userErrors { code } } }',
    { input: changes },
  );
}

async function preview(code: string): Promise<unknown> {
  const answer = await world.graphql(
    `query ($code: String!) { invitePreview(code: $code) { inviter { username } followsInviter needsApproval } }`,
    { code },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data['invitePreview'];
}

const open = (code: string): Promise<Response> => fetch(`${world.origin}/invite/${code}`);

test('everybody makes invites within limits, the staff without', async () => {
  const made = await invite(ada, { maxUses: 2, followInviter: true });
  expect(made).toMatchObject({
    url: `${world.services.config.publicUrl.origin}/invite/${made.code}`,
    isByStaff: false,
    uses: 0,
    maxUses: 2,
    followsInviter: true,
    createdBy: { username: 'ada' },
    revokedAt: null,
  });
  const days = 24 * 3_600_000;
  const at = (milliseconds: number) =>
    new Date(world.clock.now().getTime() + milliseconds).toISOString();
  const most = await invite(ada);
  expect(most).toMatchObject({ maxUses: 50 });
  const lasts = Date.parse(most.expiresAt) - world.clock.now().getTime();
  expect(Math.round(lasts / days)).toBe(90);
  const refusals = async (input: object) => (await run(ada, 'createInvite', input)).userErrors;
  expect(await refusals({ maxUses: 51 })).toEqual([{ code: 'INVALID_INPUT', path: ['maxUses'] }]);
  expect(await refusals({ maxUses: 0 })).toEqual([{ code: 'INVALID_INPUT', path: ['maxUses'] }]);
  expect(await refusals({ expiresAt: at(91 * days) })).toEqual([
    { code: 'INVALID_INPUT', path: ['expiresAt'] },
  ]);
  expect(await refusals({ expiresAt: at(-1) })).toEqual([
    { code: 'INVALID_INPUT', path: ['expiresAt'] },
  ]);
  expect(await invite(mod)).toMatchObject({ isByStaff: true, maxUses: null, expiresAt: null });
});

test('who has twenty open invites revokes one first, also when many are made at once', async () => {
  const eva = await world.local('eva');
  const made = await Promise.all(Array.from({ length: 22 }, () => run(eva, 'createInvite', {})));
  const refused = made.filter((answer) => answer.invite === null);
  expect(refused.map(codesOf)).toEqual([['LIMIT_EXCEEDED'], ['LIMIT_EXCEEDED']]);
  const first = made.find((answer) => answer.invite !== null)!.invite!;
  expect((await run(eva, 'revokeInvite', { inviteId: first.id })).userErrors).toEqual([]);
  await invite(eva);
});

test('a revoked invite lets nobody in; only its maker and the staff revoke it, and a repeat changes nothing', async () => {
  const { id, code } = await invite(ada);
  const refused = [{ code: 'NOT_FOUND', path: ['inviteId'] }];
  expect((await run(ben, 'revokeInvite', { inviteId: id })).userErrors).toEqual(refused);
  const revoked = await run(ada, 'revokeInvite', { inviteId: id });
  expect(revoked.invite!.revokedAt).not.toBeNull();
  world.clock.advance(5);
  expect(await run(ada, 'revokeInvite', { inviteId: id })).toEqual(revoked);
  expect(codesOf(await register(code))).toEqual(['EXPIRED']);
  expect(await preview(code)).toBeNull();
  const other = await invite(ada);
  expect((await run(mod, 'revokeInvite', { inviteId: other.id })).userErrors).toEqual([]);
  const log = await admin.graphql<{
    admin: { auditLog: { nodes: { action: string; subjectId: string }[] } };
  }>('{ admin { auditLog(first: 1) { nodes { action subjectId } } } }');
  expect(log.data.admin.auditLog.nodes).toEqual([{ action: 'revokeInvite', subjectId: other.id }]);
});

test('a token without the staff’s scope makes no invite of the staff, and sees own ones alone', async () => {
  const answer = await mod.graphql<{ createPersonalAccessToken: { token: string } }>(
    'mutation { createPersonalAccessToken(input: { name: "App", scopes: ["write:account", "read:account"] }) { token } }',
  );
  const made = await world.graphql<{ createInvite: Answered }>(
    `mutation { createInvite(input: {}) { invite { ${INVITE} } userErrors { code path } } }`,
    {},
    answer.data.createPersonalAccessToken.token,
  );
  const { id } = made.data.createInvite.invite!;
  expect(made.data.createInvite.invite).toMatchObject({ isByStaff: false, maxUses: 50 });
  const others = [id, (await invite(ada)).id, (await invite(mod)).id];
  const seen = await world.graphql<{ nodes: ({ id: string } | null)[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { ids: others },
    answer.data.createPersonalAccessToken.token,
  );
  expect(seen.data.nodes.map((node) => node?.id ?? null)).toEqual([id, null, others[2]]);
});

test('the maker sees their invites and who has joined, others nothing, the staff all and who invited whom', async () => {
  const carl = await world.local('carl');
  const made = await invite(carl, { maxUses: 3 });
  const [first, second] = [await register(made.code), await register(made.url)];
  expect([codesOf(first), codesOf(second)]).toEqual([[], []]);
  interface Listed {
    viewer: {
      invites: { nodes: { id: string; uses: number; joinedActors: { nodes: object[] } }[] };
    };
  }
  const list = async (who: Person) =>
    (
      await who.graphql<Listed>(
        '{ viewer { invites(first: 50) { nodes { id uses joinedActors(first: 10) { nodes { username } } } } } }',
      )
    ).data.viewer.invites.nodes;
  expect(await list(carl)).toEqual([
    {
      id: made.id,
      uses: 2,
      joinedActors: {
        nodes: [{ username: second.actor!.username }, { username: first.actor!.username }],
      },
    },
  ]);
  const NODE = 'query ($id: ID!) { node(id: $id) { id } }';
  expect((await ben.graphql(NODE, { id: made.id })).data['node']).toBeNull();
  expect((await mod.graphql(NODE, { id: made.id })).data['node']).toEqual({ id: made.id });
  const guest = { ...carl, actorGlobalId: first.actor!.id };
  await block(world, carl, guest);
  expect((await list(carl))[0]!.joinedActors.nodes).toEqual([{ username: second.actor!.username }]);
  await updateInstance({ registrationMode: 'APPROVAL' });
  const waiting = await register((await invite(carl)).code);
  await updateInstance({ registrationMode: 'OPEN' });
  expect(waiting.nextStep).toBe('AWAIT_APPROVAL');
  const pending = await mod.graphql<{
    admin: { pendingRegistrations: { nodes: { invitedBy: { username: string } | null }[] } };
  }>('{ admin { pendingRegistrations(first: 5) { nodes { invitedBy { username } } } } }');
  expect(pending.data.admin.pendingRegistrations.nodes).toEqual([
    { invitedBy: { username: 'carl' } },
  ]);
  expect((await list(carl))[0]).toMatchObject({ uses: 1, joinedActors: { nodes: [] } });
});

test('where the staff approves, only its own invites spare that; where an invite is needed, both let in', async () => {
  const [members, staffs] = [await invite(ada), await invite(mod)];
  await updateInstance({ registrationMode: 'APPROVAL' });
  expect(await preview(members.code)).toEqual({
    inviter: { username: 'ada' },
    followsInviter: false,
    needsApproval: true,
  });
  expect(await preview(staffs.code)).toEqual({
    inviter: null,
    followsInviter: false,
    needsApproval: false,
  });
  expect((await register(members.code)).nextStep).toBe('AWAIT_APPROVAL');
  expect((await register(staffs.code)).nextStep).toBeNull();
  await updateInstance({ registrationMode: 'INVITE' });
  expect((await register(members.code)).nextStep).toBeNull();
  await updateInstance({ membersMayInvite: false });
  expect(codesOf(await register(members.code))).toEqual(['EXPIRED']);
  expect(codesOf(await run(ada, 'createInvite', {}))).toEqual(['FORBIDDEN']);
  expect((await register(staffs.code)).nextStep).toBeNull();
  await updateInstance({ membersMayInvite: null, registrationMode: 'CLOSED' });
  expect(await preview(staffs.code)).toBeNull();
  await updateInstance({ registrationMode: 'OPEN' });
});

const SET = statement(
  'test.set_account',
  'update accounts set state = $2, role = $3 where id = $1',
);

test('an invite sleeps while the account of its maker is closed, and loses its power with the role', async () => {
  const dora = await world.moderator('dora');
  const { code } = await invite(dora);
  await world.services.database.rows(SET, [dora.accountId, 'SUSPENDED', 'MODERATOR']);
  expect(codesOf(await register(code))).toEqual(['EXPIRED']);
  await world.services.database.rows(SET, [dora.accountId, 'ACTIVE', 'USER']);
  await updateInstance({ registrationMode: 'APPROVAL' });
  expect((await register(code)).nextStep).toBe('AWAIT_APPROVAL');
  await updateInstance({ membersMayInvite: false });
  expect(codesOf(await register(code))).toEqual(['EXPIRED']);
  await updateInstance({ membersMayInvite: null, registrationMode: 'OPEN' });
});

test('the invited follow their inviter from the start where the invite says so, once they are let in', async () => {
  const followers = async (username: string) => {
    const answer = await world.graphql<{ actor: { followers: { nodes: { username: string }[] } } }>(
      'query ($handle: Handle!) { actor(by: { handle: $handle }) { followers(first: 20) { nodes { username } } } }',
      { handle: username },
    );
    return answer.data.actor.followers.nodes.map((node) => node.username);
  };
  const host = await world.local('host');
  const [quiet, loud] = [await invite(host), await invite(host, { followInviter: true })];
  await register(quiet.code);
  const guest = await register(loud.code);
  await world.settle();
  expect(await followers('host')).toEqual([guest.actor!.username]);
  await updateInstance({ registrationMode: 'APPROVAL' });
  const waiting = await register(loud.code);
  await world.settle();
  expect(await followers('host')).toEqual([guest.actor!.username]);
  await mod.graphql(
    'mutation ($id: ID!) { decideRegistration(input: { actorId: $id, approve: true }) { userErrors { code } } }',
    { id: waiting.actor!.id },
  );
  await updateInstance({ registrationMode: 'OPEN' });
  await world.settle();
  expect(await followers('host')).toEqual([waiting.actor!.username, guest.actor!.username]);
});

test('the page of an invite says who invites, to what, with every text escaped and nothing of another host', async () => {
  await ada.graphql(
    `mutation { updateProfile(input: { displayName: "Ada <b>" }) { userErrors { code } } }`,
  );
  await updateInstance({ name: 'Harbour <Light>', rules: [{ text: 'Be <i>kind</i>.' }] });
  const { code } = await invite(ada, { followInviter: true });
  const response = await open(code);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-robots-tag')).toBe('noindex');
  const html = (await response.text()).replaceAll(/[\u2068\u2069]/g, '');
  const host = world.services.config.publicUrl.host;
  for (const part of [
    `<h1 dir="auto">Ada &lt;b&gt; (@ada@${host}) invites you to Harbour &lt;Light&gt;</h1>`,
    `<code>${code}</code>`,
    `You will follow Ada &lt;b&gt; (@ada@${host}) from the start.`,
    'Be &lt;i&gt;kind&lt;/i&gt;.',
  ])
    expect(html).toContain(part);
  expect(html).not.toMatch(/<script|https?:\/\//);
  const french = await fetch(`${world.origin}/invite/${code}`, {
    headers: { 'accept-language': 'fr' },
  });
  expect((await french.text()).replaceAll(/[\u2068\u2069]/g, '')).toContain('vous invite sur');
});

test('the QR code of an invite leads to its page while it lets somebody in', async () => {
  const { id, url, qrCodeUrl } = await invite(ada);
  const response = await fetch(world.reach(qrCodeUrl));
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'image/svg+xml; charset=utf-8',
  ]);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await readQrCode(await response.text())).toBe(url);
  await run(ada, 'revokeInvite', { inviteId: id });
  expect((await fetch(world.reach(qrCodeUrl))).status).toBe(404);
});

test('an invite that is unknown, malformed, used up or revoked has one and the same page', async () => {
  const { id, code } = await invite(ada);
  await run(ada, 'revokeInvite', { inviteId: id });
  const used = await invite(ada, { maxUses: 1 });
  await register(used.code);
  const pages = [];
  for (const path of [
    code,
    used.code,
    'AAAAAAAAAAAAAAAA',
    '%00',
    'x'.repeat(2000),
    '%F0%9F%98%80',
  ]) {
    const response = await open(path);
    pages.push([response.status, await response.text()]);
  }
  for (const page of pages) expect(page).toEqual(pages[0]);
  expect(pages[0]![0]).toBe(404);
  expect(pages[0]![1]).toContain('This invite is not valid any more');
});

(hasChromium ? test : test.skip)('a browser shows the page of an invite', async () => {
  const { code } = await invite(ada);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${world.origin}/invite/${code}`);
    expect(await page.locator('code').innerText()).toBe(code);
    const drawn = await page
      .locator('img')
      .evaluate((image) => (image as { naturalWidth?: number }).naturalWidth);
    expect(drawn).toBeGreaterThan(100);
    expect(asked.filter((url) => !url.startsWith(world.origin))).toEqual([]);
  } finally {
    await browser.close();
  }
});
