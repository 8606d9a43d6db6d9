// What a person is told of a decision about them: the letter over real SMTP, and what stays to be read in the API.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startMailServer, type MailServer } from '../support/mail-server.js';
import { comment, publish, type Answered } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let mails: MailServer;
let world: World;
let mod: Person;
let rules: { id: string; text: string }[];

beforeAll(async () => {
  mails = await startMailServer();
  world = await startWorld({ SMTP_URL: mails.url });
  mod = await world.moderator();
  const answer = await (
    await world.admin()
  ).graphql<{
    updateInstance: { instance: { rules: typeof rules } };
  }>(
    `mutation { updateInstance(input: { contactEmail: "staff@photos.example",
      rules: [{ text: "Be kind to newcomers." }, { text: "No adverts." }] }) {
      instance { rules { id text } } userErrors { code } } }`,
  );
  ({ rules } = answer.data.updateInstance.instance);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await mails[Symbol.asyncDispose]();
});

beforeEach(() => {
  mails.letters.length = 0;
});

const ACT = `mutation ($input: TakeModerationActionInput!) {
  takeModerationAction(input: $input) { action { id } userErrors { code path } } }`;

/** Acts, and waits until whoever is to be told is told. */
async function act(input: Record<string, unknown>): Promise<string> {
  const answer = await mod.graphql<{
    takeModerationAction: Answered<{ action: { id: string } | null }>;
  }>(ACT, { input });
  const { action, userErrors } = answer.data.takeModerationAction;
  expect(userErrors).toEqual([]);
  await world.settle();
  return action!.id;
}

const letterTo = ({ email }: Person): string[] =>
  mails
    .to(email)
    .map(({ text }) => text)
    .filter((text) => !text.includes('#'));

test('P09 a decision is stated with what was done, about what, why, by which rule, by whom and where to object', async () => {
  const eva = await world.local('eva');
  const postId = await publish(world, eva, { caption: 'Buy my **wonderful** kites' });
  const kept = await publish(world, eva, { caption: 'A kite in the wind' });
  const commentId = await comment(eva, kept, 'Cheap kites here');
  const actionId = await act({
    kind: 'REMOVE_CONTENT',
    targetId: eva.actorGlobalId,
    subjectIds: [postId, commentId],
    ruleIds: [rules[1]!.id],
    reason: 'These are adverts.',
  });
  const [letter, ...others] = letterTo(eva);
  expect(others).toEqual([]);
  for (const part of [
    'the moderators have removed posts or comments of yours.',
    'These are adverts.',
    'Buy my wonderful kites',
    'Cheap kites here',
    'It goes against this rule of the server:\n– No adverts.',
    'A person of the staff has decided this, not a program.',
    'staff@photos.example',
  ])
    expect(letter).toContain(part);
  expect(letter).not.toContain('Be kind to newcomers.');
  expect(letter).not.toContain('A kite in the wind');
  expect(letter).not.toContain(mod.username);

  const ACTION = `query ($id: ID!) { node(id: $id) { ... on ModerationAction {
    kind reason rules { text } moderator { username } } } }`;
  const seenBy = async (who: Person): Promise<unknown> =>
    (await who.graphql(ACTION, { id: actionId })).data['node'];
  const stated = {
    kind: 'REMOVE_CONTENT',
    reason: 'These are adverts.',
    rules: [{ text: 'No adverts.' }],
  };
  expect(await seenBy(eva)).toEqual({ ...stated, moderator: null });
  expect(await seenBy(mod)).toEqual({ ...stated, moderator: { username: mod.username } });
  expect(await seenBy(await world.local('finn'))).toBeNull();
  const audit = await (
    await world.admin()
  ).graphql<{ admin: { auditLog: { nodes: { details: string }[] } } }>(
    '{ admin { auditLog(first: 1) { nodes { details } } } }',
  );
  const [{ details }] = audit.data.admin.auditLog.nodes as [{ details: string }];
  expect((JSON.parse(details) as { ruleIds: unknown[] }).ruleIds).toHaveLength(1);
});

test('P09 who is suspended is told so in their language, although every door is closed', async () => {
  const luc = await world.local('luc');
  await luc.graphql(
    'mutation { updateSettings(input: { language: "fr" }) { userErrors { code } } }',
  );
  await act({
    kind: 'SUSPEND',
    targetId: luc.actorGlobalId,
    ruleIds: rules.map(({ id }) => id),
    reason: 'Again and again.',
  });
  const [letter] = letterTo(luc);
  for (const part of [
    'l’équipe de modération a suspendu votre compte.',
    'Again and again.',
    'Ces règles du serveur n’ont pas été respectées :\n– Be kind to newcomers.\n– No adverts.',
    'Une personne de l’équipe a pris cette décision',
    'staff@photos.example',
  ])
    expect(letter).toContain(part);
  expect(letter).not.toContain('Il s’agit de ce que vous avez publié');
});

test('P09 what is taken back needs no objection, and who is not to be told gets no letter', async () => {
  const ida = await world.local('ida');
  const draft = { targetId: ida.actorGlobalId, reason: 'It was a mistake.' };
  await act({ ...draft, kind: 'LIMIT', notifyTarget: false });
  expect(letterTo(ida)).toEqual([]);
  await act({ ...draft, kind: 'UNLIMIT' });
  const [letter] = letterTo(ida);
  expect(letter).toContain('It was a mistake.');
  expect(letter).not.toContain('staff@photos.example');
  expect(letter).not.toContain('A person of the staff');
});
