// Letters with unread notifications, through a real mail server, and the link that ends them.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sendDigests } from '../../src/notifications/jobs/send-digests.job.js';
import { statement } from '../../src/platform/db/database.js';
import { startMailServer, type MailServer, type ReceivedLetter } from '../support/mail-server.js';
import { settlePauses } from '../support/notifications.js';
import { comment, publish, react } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

const DAY_SECONDS = 86_400;

let mail: MailServer;
let world: World;
let ada: Person;
let ben: Person;
let count = 0;

beforeAll(async () => {
  mail = await startMailServer();
  world = await startWorld({
    GRAPHQL_POINTS_PER_HOUR: '1000000',
    SMTP_URL: mail.url,
    REGISTRATION_EMAIL_VERIFICATION: 'optional',
  });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

const VERIFY = statement(
  'test.verify',
  'update accounts set email_verified_at = now() where id = $1',
);

beforeEach(async () => {
  count += 1;
  [ada, ben] = [await world.local(`ada${count}`), await world.local(`ben${count}`)];
  await world.services.database.rows(VERIFY, [ada.accountId]);
  await settlePauses(world);
  mail.letters.length = 0;
});

async function choose(person: Person, digest: string, language = 'en'): Promise<void> {
  const answer = await person.graphql(
    `mutation ($settings: UpdateSettingsInput!, $notifications: UpdateNotificationSettingsInput!) {
      updateSettings(input: $settings) { userErrors { code } }
      updateNotificationSettings(input: $notifications) { viewer { notificationSettings { digest } } userErrors { code } } }`,
    { settings: { language }, notifications: { digest } },
  );
  expect(answer.data).toMatchObject({
    updateNotificationSettings: { viewer: { notificationSettings: { digest } }, userErrors: [] },
  });
}

/** What the clock does every hour. */
async function strikeTheHour(): Promise<ReceivedLetter[]> {
  const { services } = world;
  await sendDigests.run({ ...services, jobId: 'test', attempt: 1 }, {});
  await world.settle();
  return mail.to(ada.email);
}

function linkOf(letter: ReceivedLetter): string {
  const link = /^List-Unsubscribe: <(.+)>$/im.exec(letter.headers)?.[1];
  if (!link) throw new Error('The letter has no link that ends it');
  return world.reach(link);
}

test('a daily letter names what is unread, once, and then only what is new', async () => {
  await choose(ada, 'DAILY');
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  const [letter, ...others] = await strikeTheHour();
  expect(others).toEqual([]);
  expect(letter!.headers).toMatch(/^Subject: .*1_unread_notification_/im);
  expect(letter!.headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/im);
  expect(letter!.text).toContain(
    `\u2068@${ben.username}\u2069 likes your post\nhttps://a.example/`,
  );
  expect(await strikeTheHour()).toHaveLength(1);
  world.clock.advance(DAY_SECONDS);
  expect(await strikeTheHour()).toHaveLength(1);
  await comment(ben, postId, 'hello');
  await settlePauses(world);
  world.clock.advance(DAY_SECONDS);
  const [, second] = await strikeTheHour();
  expect(second!.text).toContain('commented on your post');
  expect(second!.text).not.toContain('likes your post');
});

test('a weekly letter comes once a week, in the language of the account', async () => {
  await choose(ada, 'WEEKLY', 'fr');
  const postId = await publish(world, ada);
  await comment(ben, postId, 'one');
  await settlePauses(world);
  const [letter] = await strikeTheHour();
  expect(letter!.text).toContain(`\u2068@${ben.username}\u2069 a commenté votre publication`);
  expect(letter!.text).toMatch(/^Bonjour /);
  await comment(ben, postId, 'two');
  await settlePauses(world);
  world.clock.advance(2 * DAY_SECONDS);
  expect(await strikeTheHour()).toHaveLength(1);
  world.clock.advance(5 * DAY_SECONDS);
  expect(await strikeTheHour()).toHaveLength(2);
});

test('nothing is sent of what was read, to an unproven address, or to whom wants none', async () => {
  await choose(ada, 'DAILY');
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  const list = await ada.graphql<{
    viewer: { notifications: { edges: { cursor: string }[] } };
  }>('{ viewer { notifications { edges { cursor } } } }');
  await ada.graphql(
    'mutation ($upTo: String!) { markNotificationsRead(input: { upTo: $upTo }) { unreadCount } }',
    { upTo: list.data.viewer.notifications.edges[0]!.cursor },
  );
  expect(await strikeTheHour()).toEqual([]);
  await choose(ben, 'DAILY');
  await react(ada, await publish(world, ben), '❤');
  await comment(ben, postId, 'for Ada');
  await choose(ada, 'OFF');
  await settlePauses(world);
  expect(await strikeTheHour()).toEqual([]);
  expect(mail.to(ben.email)).toEqual([]);
});

test('one click in the mail program ends the letters, without signing in; opening the page does not', async () => {
  await choose(ada, 'DAILY');
  const postId = await publish(world, ada);
  await react(ben, postId, '❤');
  await settlePauses(world);
  const link = linkOf((await strikeTheHour())[0]!);
  const page = await fetch(link);
  expect([page.status, page.headers.get('content-language')]).toEqual([200, 'en']);
  expect(await page.text()).toContain('<form method="post">');
  expect(await digestOf(ada)).toBe('DAILY');
  const click = await fetch(link, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(click.status).toBe(200);
  expect(await digestOf(ada)).toBe('OFF');
  await comment(ben, postId, 'hello');
  await settlePauses(world);
  world.clock.advance(DAY_SECONDS);
  expect(await strikeTheHour()).toHaveLength(1);
});

test('a link with another signature or for somebody else changes nothing', async () => {
  await choose(ada, 'DAILY');
  await react(ben, await publish(world, ada), '❤');
  await settlePauses(world);
  const link = new URL(linkOf((await strikeTheHour())[0]!));
  const forged = new URL(link);
  forged.searchParams.set('signature', 'x'.repeat(43));
  const other = new URL(link);
  other.searchParams.set('account', 'account_00000000000000000000000000');
  const bare = new URL(link.pathname, link);
  for (const url of [forged, other, bare]) {
    const answer = await fetch(url, { method: 'POST', headers: { 'accept-language': 'fr-CA' } });
    expect([answer.status, answer.headers.get('content-language')]).toEqual([404, 'fr']);
  }
  expect(await digestOf(ada)).toBe('DAILY');
});

async function digestOf(person: Person): Promise<string> {
  const answer = await person.graphql<{ viewer: { notificationSettings: { digest: string } } }>(
    '{ viewer { notificationSettings { digest } } }',
  );
  return answer.data.viewer.notificationSettings.digest;
}
