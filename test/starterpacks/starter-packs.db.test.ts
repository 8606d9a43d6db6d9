// Starter packs through the public API: making them, who may be in one, who sees what, and leaving.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { notificationsOf } from '../support/notifications.js';
import { block, innerId, publish, type Answered } from '../support/posts.js';
import {
  actOnPack,
  beDiscoverable,
  makePack,
  namesIn,
  savePack,
  seePack,
} from '../support/starter-packs.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let carl: Person;
let dora: Person;
let shy: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, carl, dora, shy] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('carl'),
    await world.local('dora'),
    await world.local('shy'),
  ];
  await beDiscoverable(ada, ben, carl, dora);
});

afterAll(() => world[Symbol.asyncDispose]());

const idsOf = (...people: readonly Person[]) => people.map(({ actorGlobalId }) => actorGlobalId);

test('a pack is made, changed and deleted by its owner', async () => {
  const { starterPack } = await savePack(ada, {
    title: ' Birds ',
    description: 'Wings *everywhere*',
    actorIds: idsOf(carl, ada, ben),
    hashtags: ['#Kites', 'kites', 'Vögel'],
  });
  expect(starterPack).toMatchObject({
    title: 'Birds',
    description: '<p>Wings <em>everywhere</em></p>',
    descriptionSource: 'Wings *everywhere*',
    isListed: true,
    useCount: 0,
    actorCount: 3,
    viewerFollowingCount: 0,
    owner: { username: 'ada' },
    hashtags: [
      { name: 'Kites', hashtag: null },
      { name: 'Vögel', hashtag: null },
    ],
  });
  expect(namesIn(starterPack)).toEqual(['carl', 'ada', 'ben']);
  const starterPackId = starterPack!.id;
  await publish(world, ben, { caption: '#kites' });
  const changed = await savePack(ada, {
    starterPackId,
    actorIds: idsOf(ben, dora, carl),
    description: null,
    hashtags: ['kites'],
  });
  expect(changed.starterPack).toMatchObject({
    title: 'Birds',
    description: '',
    hashtags: [{ name: 'kites', hashtag: { name: 'kites' } }],
  });
  expect(namesIn(changed.starterPack)).toEqual(['ben', 'dora', 'carl']);
  const remove = async (who: Person) =>
    (
      await who.graphql(
        `mutation ($id: ID!) { deleteStarterPack(input: { starterPackId: $id }) {
          deletedStarterPackId userErrors { code path } } }`,
        { id: starterPackId },
      )
    ).data['deleteStarterPack'];
  const refused = {
    deletedStarterPackId: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['starterPackId'] }],
  };
  expect(await remove(ben)).toEqual(refused);
  expect(await savePack(ben, { starterPackId, title: 'Mine' })).toEqual({
    starterPack: null,
    userErrors: refused.userErrors,
  });
  expect(await remove(ada)).toEqual({ deletedStarterPackId: starterPackId, userErrors: [] });
  expect(await remove(ada)).toEqual(refused);
  expect(await seePack(ada, starterPackId)).toBeNull();
});

test('who does not wish to be found, or has a block with the owner, cannot be put in', async () => {
  const mallory = await world.local('mallory');
  const victim = await world.local('victim');
  await beDiscoverable(mallory, victim);
  await block(world, mallory, ada);
  await block(world, ada, victim);
  const at = async (person: Person) =>
    (await savePack(ada, { title: 'x', actorIds: idsOf(ben, person) })).userErrors;
  expect(await at(shy)).toEqual([{ code: 'FORBIDDEN', path: ['actorIds', '1'] }]);
  expect(await at(mallory)).toEqual([{ code: 'BLOCKED', path: ['actorIds', '1'] }]);
  expect(await at(victim)).toEqual([{ code: 'BLOCKED', path: ['actorIds', '1'] }]);
  expect(await at(ben)).toEqual([{ code: 'INVALID_INPUT', path: ['actorIds', '1'] }]);
  const starterPackId = await makePack(ada, [ben]);
  const put = (person: Person) =>
    actOnPack(ada, 'setInStarterPack', {
      starterPackId,
      actorId: person.actorGlobalId,
      included: true,
    });
  expect((await put(shy)).userErrors).toEqual([{ code: 'FORBIDDEN', path: ['actorId'] }]);
  expect((await put(mallory)).userErrors).toEqual([{ code: 'BLOCKED', path: ['actorId'] }]);
  expect(namesIn((await put(ada)).starterPack)).toEqual(['ben', 'ada']);
  expect(namesIn((await put(ben)).starterPack)).toEqual(['ben', 'ada']);
});

test('whoever changes their mind about being found is in no pack any more', async () => {
  const eva = await world.local('eva');
  await beDiscoverable(eva);
  const id = await makePack(ada, [eva, ben]);
  expect(namesIn(await seePack(world, id))).toEqual(['eva', 'ben']);
  await eva.graphql(
    'mutation { updateProfile(input: { isDiscoverable: false }) { userErrors { code } } }',
  );
  expect(namesIn(await seePack(ada, id))).toEqual(['ben']);
  expect(await seePack(world, id)).toMatchObject({ actorCount: 1 });
});

test('blocks take people out of sight: with the owner for everybody, with the viewer for the viewer', async () => {
  const [finn, gus] = [await world.local('finn'), await world.local('gus')];
  await beDiscoverable(finn, gus);
  const id = await makePack(finn, [gus, ben]);
  await block(world, carl, gus);
  expect(namesIn(await seePack(carl, id))).toEqual(['ben']);
  expect(namesIn(await seePack(dora, id))).toEqual(['gus', 'ben']);
  await block(world, finn, gus);
  expect(namesIn(await seePack(dora, id))).toEqual(['ben']);
  expect(await seePack(gus, id)).toBeNull();
  await block(world, finn, gus, false);
  expect(namesIn(await seePack(gus, id))).toEqual(['gus', 'ben']);
});

test('people are told that they are in a pack, once, and can leave it for good', async () => {
  const [hal, ida] = [await world.local('hal'), await world.local('ida')];
  await beDiscoverable(hal, ida);
  const id = await makePack(ada, [hal, ida]);
  await world.settle();
  const [told] = (await notificationsOf(hal)).nodes;
  expect(told).toMatchObject({
    kind: 'STARTER_PACK',
    subject: { __typename: 'StarterPack', id },
    fallbackTitle: '\u2068@ada\u2069 put you in a starter pack',
  });
  const mine = async (who: Person) => {
    const answer = await who.graphql<{
      viewer: { starterPacksWithViewer: { nodes: { id: string }[] } };
    }>('{ viewer { starterPacksWithViewer(first: 20) { nodes { id } } } }');
    return answer.data.viewer.starterPacksWithViewer.nodes.map((node) => node.id);
  };
  expect(await mine(hal)).toEqual([id]);
  const refuse = (refused: boolean) =>
    actOnPack(hal, 'setStarterPackRefused', { starterPackId: id, refused });
  expect((await refuse(true)).starterPack).toMatchObject({
    viewerIsMember: false,
    viewerHasRefused: true,
    actorCount: 1,
  });
  expect((await refuse(true)).userErrors).toEqual([]);
  expect(await mine(hal)).toEqual([]);
  const put = () =>
    actOnPack(ada, 'setInStarterPack', {
      starterPackId: id,
      actorId: hal.actorGlobalId,
      included: true,
    });
  expect((await put()).userErrors).toEqual([{ code: 'FORBIDDEN', path: ['actorId'] }]);
  expect((await savePack(ada, { starterPackId: id, actorIds: idsOf(hal) })).userErrors).toEqual([
    { code: 'FORBIDDEN', path: ['actorIds', '0'] },
  ]);
  expect(await seePack(ada, id)).toMatchObject({ viewerHasRefused: false });
  expect((await refuse(false)).starterPack).toMatchObject({
    viewerIsMember: false,
    viewerHasRefused: false,
  });
  expect((await put()).userErrors).toEqual([]);
  await world.settle();
  expect((await notificationsOf(hal)).nodes).toHaveLength(1);
  const own = await actOnPack(ada, 'setStarterPackRefused', { starterPackId: id, refused: true });
  expect(own.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['starterPackId'] }]);
  await ada.graphql(
    'mutation ($id: ID!) { deleteStarterPack(input: { starterPackId: $id }) { userErrors { code } } }',
    { id },
  );
  expect((await notificationsOf(hal)).nodes).toEqual([]);
});

interface Listed {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

test('packs are listed on the profile and to discover, others only for their owner', async () => {
  const kim = await world.local('kim');
  await beDiscoverable(kim);
  const listed = await makePack(kim, [ben, carl, dora], { title: 'Listed' });
  const small = await makePack(kim, [ben, carl], { title: 'Small' });
  const hidden = await makePack(kim, [ben, carl, dora], { title: 'Hidden', isListed: false });
  const profile = async (who: Person | World) =>
    (
      await who.graphql<{ actor: { starterPacks: Listed } }>(
        '{ actor(by: { handle: "kim" }) { starterPacks { nodes { id } } } }',
      )
    ).data.actor.starterPacks.nodes.map(({ id }) => id);
  expect(await profile(kim)).toEqual([hidden, small, listed]);
  expect(await profile(world)).toEqual([small, listed]);
  const discover = async (who: Person | World) =>
    (
      await who.graphql<{ starterPacks: Listed }>(
        '{ starterPacks(first: 100, sort: NEWEST) { nodes { id } } }',
      )
    ).data.starterPacks.nodes.map(({ id }) => id);
  expect(await discover(world)).toContain(listed);
  expect(await discover(world)).not.toContain(small);
  expect(await discover(world)).not.toContain(hidden);
  expect(await seePack(world, hidden)).toMatchObject({ title: 'Hidden', isListed: false });
  const foe = await world.local('foe');
  await block(world, foe, kim);
  expect(await discover(foe)).not.toContain(listed);
  expect(await profile(foe)).toEqual([]);
  await kim.graphql(
    'mutation { updateProfile(input: { isDiscoverable: false }) { userErrors { code } } }',
  );
  expect(await discover(world)).not.toContain(listed);
  expect(await seePack(world, listed)).not.toBeNull();
});

test('packs to discover come page by page, those that most have used first', async () => {
  const lea = await world.local('lea');
  await beDiscoverable(lea);
  const made: string[] = [];
  for (let count = 0; count < 4; count++) made.push(await makePack(lea, [ben, carl, dora]));
  const SET_USES = statement(
    'test.set_uses',
    'update starter_packs set use_count = $2 where id = $1',
  );
  for (const [index, uses] of [5, 9, 9, 7].entries())
    await world.services.database.rows(SET_USES, [innerId(made[index]!), uses]);
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 4; page++) {
    const answer: { data: { starterPacks: Listed } } = await world.graphql(
      'query ($after: String) { starterPacks(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }',
      { after },
    );
    seen.push(...answer.data.starterPacks.nodes.map(({ id }) => id));
    after = answer.data.starterPacks.pageInfo.endCursor;
  }
  expect(seen).toEqual([made[2], made[1], made[3], made[0]]);
});

test('a full pack takes nobody more, unless somebody in it is not shown any more', async () => {
  const owner = await world.local('opal');
  await beDiscoverable(owner);
  const id = await makePack(owner, [ben]);
  await world.services.database.rows(FILL, [innerId(id)]);
  const put = (actorId: string) =>
    actOnPack(owner, 'setInStarterPack', { starterPackId: id, actorId, included: true });
  expect((await put(carl.actorGlobalId)).userErrors).toEqual([
    { code: 'LIMIT_EXCEEDED', path: ['actorId'] },
  ]);
  expect((await put(ben.actorGlobalId)).userErrors).toEqual([]);
  await world.services.database.rows(HIDE_ONE, [innerId(id)]);
  expect((await put(carl.actorGlobalId)).starterPack).toMatchObject({ actorCount: 150 });
  const tooMany = await savePack(owner, {
    title: 'x',
    actorIds: Array.from({ length: 151 }, () => ben.actorGlobalId),
  });
  expect(tooMany.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['actorIds'] }]);
});

const FILL = statement(
  'test.starter_packs.fill_pack',
  `with made as (
     insert into actors (id, username, uri, url, status, is_discoverable, joined_at, updated_at)
     select gen_random_uuid(), 'filler_' || n, 'https://x.example/' || n, 'https://x.example/' || n, 'ACTIVE', true, now(), now()
     from generate_series(1, 149) n returning id
   ) insert into starter_pack_members (pack_id, actor_id, position, added_at)
     select $1, id, 100 + row_number() over (), now() from made`,
);
const HIDE_ONE = statement(
  'test.hide_one',
  `update actors set is_discoverable = false where id = (
     select actor_id from starter_pack_members where pack_id = $1 and position = 101)`,
);

test('what is wrong is refused with its place, and nothing of it is kept', async () => {
  const nina = await world.local('nina');
  const refusalOf = async (input: Record<string, unknown>) =>
    (await savePack(nina, input)).userErrors;
  expect(await refusalOf({})).toEqual([{ code: 'INVALID_INPUT', path: ['title'] }]);
  expect(await refusalOf({ title: ' ' })).toEqual([{ code: 'INVALID_INPUT', path: ['title'] }]);
  expect(await refusalOf({ title: 'x'.repeat(101) })).toEqual([
    { code: 'INVALID_INPUT', path: ['title'] },
  ]);
  expect(await refusalOf({ title: 'x', description: 'x'.repeat(1001) })).toEqual([
    { code: 'INVALID_INPUT', path: ['description'] },
  ]);
  expect(await refusalOf({ title: 'x', hashtags: ['ok', '123'] })).toEqual([
    { code: 'INVALID_INPUT', path: ['hashtags', '1'] },
  ]);
  expect(
    await refusalOf({ title: 'x', hashtags: Array.from({ length: 21 }, (_, n) => `tag${n}`) }),
  ).toEqual([{ code: 'INVALID_INPUT', path: ['hashtags'] }]);
  expect(await refusalOf({ title: 'x', actorIds: ['actor_00000000000000000000000000'] })).toEqual([
    { code: 'NOT_FOUND', path: ['actorIds', '0'] },
  ]);
  const packs = await world.services.database.rows(
    statement('test.packs_of', 'select id from starter_packs where owner_id = $1'),
    [nina.actorId],
  );
  expect(packs).toEqual([]);
});

test('the fifty-first pack is refused, also when made at once', async () => {
  const otto = await world.local('otto');
  const made = await Promise.all(
    Array.from({ length: 53 }, () => savePack(otto, { title: 'One of many' })),
  );
  const refused = made.filter(({ starterPack }) => starterPack === null);
  expect(refused.map(({ userErrors }) => userErrors[0]!.code)).toEqual([
    'LIMIT_EXCEEDED',
    'LIMIT_EXCEEDED',
    'LIMIT_EXCEEDED',
  ]);
});

test('what the staff removed is there for nobody until it is restored, and is reported with its words', async () => {
  const [pia, mod] = [await world.local('pia'), await world.moderator()];
  const id = await makePack(pia, [ben], { title: 'Buy <now>', description: 'Cheap' });
  const report = await ben.graphql<{ report: Answered<{ report: object | null }> }>(
    `mutation ($input: ReportInput!) { report(input: $input) {
      report { subjects { subjectId content } } userErrors { code path } } }`,
    { input: { actorId: pia.actorGlobalId, category: 'SPAM', subjectIds: [id] } },
  );
  expect(report.data.report.report).toEqual({
    subjects: [{ subjectId: id, content: '<p>Buy &lt;now></p><p>Cheap</p>' }],
  });
  const act = async (kind: string) =>
    (
      await mod.graphql<{ takeModerationAction: Answered<object> }>(
        `mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { userErrors { code path } } }`,
        { input: { targetId: pia.actorGlobalId, kind, subjectIds: [id], reason: 'Spam.' } },
      )
    ).data.takeModerationAction.userErrors;
  expect(await act('MARK_SENSITIVE')).toEqual([{ code: 'NOT_FOUND', path: ['subjectIds', '0'] }]);
  expect(await act('REMOVE_CONTENT')).toEqual([]);
  expect([await seePack(pia, id), await seePack(ben, id)]).toEqual([null, null]);
  expect((await savePack(pia, { starterPackId: id, title: 'Again' })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['starterPackId'] },
  ]);
  expect((await actOnPack(ben, 'useStarterPack', { starterPackId: id })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['starterPackId'] },
  ]);
  expect(await act('RESTORE_CONTENT')).toEqual([]);
  expect(await seePack(ben, id)).toMatchObject({ title: 'Buy <now>' });
});
