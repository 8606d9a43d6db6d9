// Lists of domain rules in Mastodon's form: security case T02.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchActor } from '../../src/federation/resolve-actor.js';
import { activityBy } from '../support/activities.js';
import { saveRule } from '../support/domain-rules.js';
import { startFakePeer } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let world: World;
let mia: Person;

beforeAll(async () => {
  network = openNetwork();
  world = await network.join('a.example');
  mia = await world.moderator();
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

interface Imported {
  readonly added: number | null;
  readonly changed: number | null;
  readonly skipped: number | null;
  readonly unreadableLines: readonly number[] | null;
  readonly severedRelationships: number | null;
  readonly userErrors: { code: string; path: string[] }[];
}

async function takeIn(csv: string, dryRun: boolean): Promise<Imported> {
  const answer = await mia.graphql<{ importDomainRules: Imported }>(
    `mutation ($input: ImportDomainRulesInput!) { importDomainRules(input: $input) {
       added changed skipped unreadableLines severedRelationships userErrors { code path } } }`,
    { input: { csv, dryRun } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.importDomainRules;
}

async function written(): Promise<string> {
  const answer = await mia.graphql<{ admin: { domainRulesCsv: string } }>(
    '{ admin { domainRulesCsv } }',
  );
  return answer.data.admin.domainRulesCsv;
}

const TITLES = '#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate';

test('T02: a dry run tells what the list then does, down to the follows that end', async () => {
  await using peer = await startFakePeer(network, 'bad.test');
  const bob = peer.actor('bob');
  await fetchActor(world.services, bob.uri);
  const ada = await world.local('ada');
  const follow = activityBy(bob, 'Follow', `https://a.example/actors/${ada.actorId}`);
  expect(await peer.send(world, bob, follow)).toBe(202);
  await world.settle();
  await saveRule(mia, 'known.test', 'SUSPEND', { privateComment: 'Ours alone.' });
  await saveRule(mia, 'mild.test', 'LIMIT');
  const csv = [
    `\uFEFF${TITLES}`,
    'bad.test,suspend,false,false,"Spam, and ""more""",true',
    'Known.test,silence,false,false,,false',
    'mild.test,suspend,true,false,,false',
    'bad.test,silence,false,true,,false',
    'bü***r.test,suspend,false,false,,false',
    'a.example,suspend,false,false,,false',
    'com,suspend,false,false,,false',
    '*.org,suspend,false,false,,false',
    'odd.test,obliterate,false,false,,false',
    '*.sub.test,noop,true,false,,false',
  ].join('\r\n');
  const done = {
    added: 2,
    changed: 1,
    skipped: 7,
    unreadableLines: [6, 7, 8, 9, 10],
    severedRelationships: 1,
    userErrors: [],
  };
  const before = await written();
  expect(await takeIn(csv, true)).toEqual(done);
  expect(await written()).toBe(before);
  expect(await takeIn(csv, false)).toEqual(done);
  await world.settle();
  expect(await written()).toBe(
    [
      TITLES,
      'bad.test,suspend,false,true,"Spam, and ""more""",true',
      'known.test,suspend,false,false,,false',
      'mild.test,suspend,true,false,,false',
      'sub.test,noop,true,false,,false',
      '',
    ].join('\n'),
  );
  expect(await peer.send(world, bob, activityBy(bob, 'Like', bob.uri))).toBe(403);
});

test('T02: what is written is taken in as nothing new', async () => {
  expect(await takeIn(await written(), false)).toMatchObject({ added: 0, changed: 0 });
});

test('T02: a list without titles names domains to be suspended', async () => {
  expect(await takeIn('one.test\ntwo.test\n', false)).toMatchObject({ added: 2 });
  expect(await written()).toContain('one.test,suspend,false,false,,false\n');
});

test('T02: 4,000 lines at once hold', async () => {
  const lines = Array.from({ length: 4_000 }, (_, index) => `m${index}.many.test,silence`);
  expect(await takeIn([TITLES, ...lines, ...lines.slice(0, 9)].join('\n'), false)).toMatchObject({
    added: 4_000,
    skipped: 9,
  });
});

test('T02: what is no list is refused, and so is everybody below the role', async () => {
  for (const csv of ['', TITLES, 'a.test,"b'])
    expect((await takeIn(csv, true)).userErrors).toEqual([
      { code: 'INVALID_INPUT', path: ['csv'] },
    ]);
  const ada = await world.local('ada');
  const answer = await ada.graphql(
    'mutation { importDomainRules(input: { csv: "b.test" }) { userErrors { code } } }',
  );
  expect(answer.errors).toHaveLength(1);
});
