// The pages behind the links of letters: run as a browser would run them.
import { createHash } from 'node:crypto';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startMailServer, type MailServer } from '../support/mail-server.js';
import { fromFreshAddress, startWorld, type World } from '../support/world.js';

let mail: MailServer;
let world: World;

beforeAll(async () => {
  mail = await startMailServer();
  world = await startWorld({ SMTP_URL: mail.url });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

/** Loads a page, checks its policy and gives back its script. */
async function scriptOf(page: string): Promise<string> {
  const response = await fetch(`${world.origin}/account/${page}`);
  expect([
    response.status,
    response.headers.get('content-type'),
    response.headers.get('referrer-policy'),
  ]).toEqual([200, 'text/html; charset=utf-8', 'no-referrer']);
  const html = await response.text();
  const script = /<script>(.*)<\/script>/s.exec(html)![1]!;
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain(
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  expect(policy).toContain("default-src 'none'");
  expect(html).not.toMatch(/https?:\/\//);
  return script;
}

/** Opens a link, types the password if there is a field, presses the button, and tells what the page then says. */
async function press(page: string, token: string, password: string | null): Promise<string> {
  const element = () => ({
    textContent: '',
    hidden: false,
    value: password ?? '',
    submit: null as ((event: object) => Promise<void>) | null,
  });
  const elements: Record<string, ReturnType<typeof element> | null> = {
    form: element(),
    outcome: element(),
    password: password === null ? null : element(),
  };
  const shown: string[] = [];
  const form = elements['form']!;
  vm.runInNewContext(await scriptOf(page), {
    location: { hash: `#${token}`, pathname: `/account/${page}` },
    history: { replaceState: (_state: null, _title: string, path: string) => shown.push(path) },
    document: {
      getElementById: (id: string) =>
        id === 'form'
          ? {
              ...form,
              addEventListener: (_event: string, submit: typeof form.submit) =>
                (form.submit = submit),
            }
          : elements[id],
    },
    fetch: (path: string, init: RequestInit) =>
      fetch(world.origin + path, { ...init, headers: { ...init.headers, ...fromFreshAddress() } }),
  });
  expect(shown).toEqual([`/account/${page}`]);
  await form.submit?.({ preventDefault: () => {} });
  return elements['outcome']!.textContent;
}

test('a person confirms an address and chooses a new password in the browser', async () => {
  const { email } = await world.local('ada');
  await world.settle();
  const expired = 'This link is not valid any more. Ask for a new one.';
  const verify = mail.token(email, 'verify-email');
  expect(await press('verify-email', 'no such token', null)).toBe(expired);
  expect(await press('verify-email', verify, null)).toMatch(/^Your e-mail address is confirmed\./);
  expect(await press('verify-email', verify, null)).toBe(expired);

  await world.graphql(`mutation { requestPasswordReset(input: { email: "${email}" }) { ok } }`);
  await world.settle();
  const reset = mail.token(email, 'reset-password');
  expect(await press('reset-password', reset, 'short')).toBe(
    'A password has at least 8 characters.',
  );
  expect(await press('reset-password', reset, 'purple kite under water')).toBe(
    'Your new password works now. Sign in with it.',
  );
  const signedIn = await world.graphql(
    'mutation { signIn(input: { login: "ada", password: "purple kite under water" }) { userErrors { code } } }',
  );
  expect(signedIn.data).toEqual({ signIn: { userErrors: [] } });
});

test('a change of address is taken back in the browser', async () => {
  expect(await press('undo-email-change', 'no such token', null)).toBe(
    'This link is not valid any more. Ask for a new one.',
  );
});

test('other paths below /account do not exist', async () => {
  expect((await fetch(`${world.origin}/account/anything`)).status).toBe(404);
});
