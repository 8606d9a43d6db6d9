// How other servers find this one, who is on it, and the collections that people made.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getDocument, walkCollection, type ReadCollection } from '../support/documents.js';
import { innerId, publish } from '../support/posts.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';
import sharp from 'sharp';

let world: World;
let ada: Person;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const finger = async (resource: string) => {
  const query = new URLSearchParams({ resource });
  return getDocument(world, `/.well-known/webfinger?${query}`);
};

async function makeCollection(input: object): Promise<string> {
  const answer = await ada.graphql<{
    saveCollection: { collection: { id: string } | null; userErrors: unknown[] };
  }>(
    'mutation ($input: SaveCollectionInput!) { saveCollection(input: $input) { collection { id } userErrors { code path } } }',
    { input },
  );
  expect([answer.errors, answer.data?.saveCollection.userErrors]).toEqual([undefined, []]);
  return innerId(answer.data.saveCollection.collection!.id);
}

test('WebFinger tells page, document, picture, and where others begin to follow', async () => {
  const bytes = await sharp({
    create: { width: 300, height: 300, channels: 3, background: '#3a7' },
  })
    .jpeg()
    .toBuffer();
  const avatarMediaId = await uploadPicture(world, ada, bytes, { purpose: 'AVATAR' });
  const changed = await ada.graphql<{ updateProfile: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code path } } }',
    { input: { avatarMediaId } },
  );
  expect([changed.errors, changed.data?.updateProfile.userErrors]).toEqual([undefined, []]);
  const uri = `https://a.example/actors/${ada.actorId}`;
  const { body, type, headers } = await finger('acct:ada@a.example');
  expect(type).toBe('application/jrd+json; charset=utf-8');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(body).toEqual({
    subject: 'acct:ada@a.example',
    aliases: ['https://a.example/@ada', uri],
    links: [
      {
        rel: 'http://webfinger.net/rel/profile-page',
        type: 'text/html',
        href: 'https://a.example/@ada',
      },
      { rel: 'self', type: 'application/activity+json', href: uri },
      {
        rel: 'http://webfinger.net/rel/avatar',
        type: expect.stringMatching(/^image\//),
        href: expect.stringMatching(/^https:\/\/a\.example\/media\//),
      },
      {
        rel: 'http://ostatus.org/schema/1.0/subscribe',
        template: 'https://a.example/authorize_interaction?uri={uri}',
      },
    ],
  });
  for (const same of [uri, 'https://a.example/@ada', 'acct:ADA@A.example'])
    expect((await finger(same)).body).toEqual(body);
  await world.local('ben');
  expect(JSON.stringify((await finger('acct:ben@a.example')).body)).not.toContain('rel/avatar');
  expect((await finger('acct:nobody@a.example')).status).toBe(404);
});

test('host-meta leads to WebFinger in both of its forms', async () => {
  const template = 'https://a.example/.well-known/webfinger?resource={uri}';
  const xml = await fetch(`${world.origin}/.well-known/host-meta`);
  expect(xml.headers.get('content-type')).toBe('application/xrd+xml; charset=utf-8');
  expect(await xml.text()).toContain(`template="${template}"`);
  expect((await getDocument(world, '/.well-known/host-meta.json')).body).toMatchObject({
    links: [{ rel: 'lrdd', template }],
  });
});

test('NodeInfo is told in the versions that others read', async () => {
  await publish(world, ada);
  const { body } = await getDocument(world, '/.well-known/nodeinfo');
  const { links } = body as { links: { rel: string; href: string }[] };
  const told = await Promise.all(links.map(({ href }) => getDocument(world, href)));
  expect(links.map(({ rel }) => rel)).toEqual([
    'http://nodeinfo.diaspora.software/ns/schema/2.1',
    'http://nodeinfo.diaspora.software/ns/schema/2.0',
  ]);
  expect(told.map((one) => (one.body as { version: string }).version)).toEqual(['2.1', '2.0']);
  for (const one of told)
    expect(one.body).toMatchObject({
      software: { name: 'triptych', version: expect.any(String) },
      protocols: ['activitypub'],
      services: { inbound: [], outbound: [] },
      openRegistrations: expect.any(Boolean),
      usage: {
        users: { total: 2, activeMonth: expect.any(Number), activeHalfyear: expect.any(Number) },
        localPosts: 1,
      },
      metadata: { nodeName: expect.any(String) },
    });
});

test('a collection is told in its order on pages, without what not everybody sees', async () => {
  const postIds: string[] = [];
  for (let index = 0; index < 25; index++) {
    const visibility = index === 3 ? 'FOLLOWERS' : 'PUBLIC';
    postIds.push(await publish(world, ada, { visibility }));
  }
  const id = await makeCollection({ title: 'Journey', description: 'By *boat*', postIds });
  const hidden = await makeCollection({ title: 'Ours', visibility: 'FOLLOWERS', postIds });
  const unlisted = await makeCollection({ title: 'Linked', visibility: 'UNLISTED' });
  const uri = `https://a.example/collections/${id}`;
  const seen = postIds
    .filter((_, index) => index !== 3)
    .map((one) => `https://a.example/posts/${innerId(one)}`);
  const { body } = await getDocument(world, uri);
  expect(body).toMatchObject({
    id: uri,
    type: 'OrderedCollection',
    attributedTo: `https://a.example/actors/${ada.actorId}`,
    name: 'Journey',
    summary: expect.stringContaining('<em>boat</em>'),
    to: ['https://www.w3.org/ns/activitystreams#Public'],
    totalItems: 24,
  });
  const { first, last } = body as ReadCollection;
  const forth = await walkCollection<string>(world, first!, 'next');
  expect(forth.items).toEqual(seen);
  const back = await walkCollection<string>(world, last!, 'prev');
  expect(back.pages.toReversed().flatMap(({ orderedItems }) => orderedItems!)).toEqual(seen);
  expect((await getDocument(world, `https://a.example/collections/${hidden}`)).status).toBe(404);
  expect((await getDocument(world, `https://a.example/collections/${unlisted}`)).status).toBe(200);
  expect((await getDocument(world, `${uri}?page=true&after=x`)).status).toBe(400);
  const actor = await getDocument(world, `/actors/${ada.actorId}`);
  const { streams } = actor.body as { streams: string[] };
  expect((await getDocument(world, streams[0]!)).body).toMatchObject({
    id: streams[0],
    totalItems: 1,
    orderedItems: [uri],
  });
});
