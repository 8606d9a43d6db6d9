// Search through the public API: what finds whom, and what nobody finds.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addPlaces } from '../contract/places.js';
import {
  block,
  comment,
  follow,
  mute,
  publish,
  react,
  readyPicture,
  sendPost,
} from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let reader: Person;
let author: Person;

beforeAll(async () => {
  world = await startWorld();
  reader = await world.local('reader');
  author = await person('author', { isIndexable: true });
});

afterAll(() => world[Symbol.asyncDispose]());

async function person(username: string, profile: Record<string, unknown> = {}): Promise<Person> {
  const who = await world.local(username);
  const answer = await who.graphql<{ updateProfile: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code } } }',
    { input: { isDiscoverable: true, ...profile } },
  );
  expect(answer.data?.updateProfile.userErrors).toEqual([]);
  await world.settle();
  return who;
}

/** Publishes, and waits until it can be found. */
async function write(
  caption: string,
  common: Record<string, unknown> = {},
  who = author,
): Promise<string> {
  const id = await publish(world, who, { caption, ...common });
  await world.settle();
  return id;
}

interface Found<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

async function posts(
  who: Person,
  query: string,
  args: Record<string, unknown> = {},
): Promise<string[]> {
  return (await postPage(who, query, args)).nodes.map(({ id }) => id);
}

async function postPage(
  who: Person,
  query: string,
  args: Record<string, unknown> = {},
): Promise<Found<{ id: string }>> {
  const answer = await who.graphql<{ search: { posts: Found<{ id: string }> } }>(
    `query ($query: String!, $first: Int, $after: String, $last: Int, $before: String, $language: LanguageTag, $authorId: ID, $since: DateTime, $until: DateTime, $filter: TimelineFilter) {
      search(query: $query) { posts(first: $first, after: $after, last: $last, before: $before, language: $language, authorId: $authorId, since: $since, until: $until, filter: $filter) {
        nodes { id } pageInfo { endCursor hasNextPage } } } }`,
    { query, ...args },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.search.posts;
}

async function people(who: Person, query: string, localOnly = false): Promise<string[]> {
  const answer = await who.graphql<{ search: { actors: Found<{ username: string }> } }>(
    'query ($query: String!, $localOnly: Boolean) { search(query: $query) { actors(localOnly: $localOnly) { nodes { username } } } }',
    { query, localOnly },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.search.actors.nodes.map(({ username }) => username);
}

test('posts are found by words, phrases and alternatives, without regard to case and accents', async () => {
  const [crane, lake] = [
    await write('A **grey crane** over the Zürichsee &amp; its shore'),
    await write('Crane, grey as ever, at the café'),
  ];
  expect(await posts(reader, 'CRANE grey')).toEqual([lake, crane]);
  expect(await posts(reader, '"grey crane"')).toEqual([crane]);
  expect(await posts(reader, 'crane -zurichsee')).toEqual([lake]);
  expect(await posts(reader, 'cafe or shore')).toEqual([lake, crane]);
  expect(await posts(reader, 'ｃａｆé')).toEqual([lake]);
  expect(await posts(reader, 'strong')).toEqual([]);
  expect(await posts(reader, '-crane')).toEqual([]);
  expect(await posts(reader, '& | ! :* <->')).toEqual([]);
});

test('other forms of a word are found in the language of the post, and the word itself in any', async () => {
  const german = await write('Zwei Häuser am Hang', { language: 'de-CH' });
  const english = await write('Three horses running uphill', { language: 'en' });
  const unsaid = await write('Koirat juoksevat ylämäkeen');
  expect(await posts(reader, 'haus hangs', { language: 'de' })).toEqual([german]);
  expect(await posts(reader, 'horse run')).toEqual([english]);
  expect(await posts(reader, 'horse run', { language: 'zh' })).toEqual([]);
  expect(await posts(reader, 'hauser')).toEqual([german]);
  expect(await posts(reader, 'ylamakeen', { language: 'ta' })).toEqual([unsaid]);
  const japanese = await write('夏の東京タワーと富士山', { language: 'ja' });
  const swapped = await write('京東', { language: 'zh' });
  expect(await posts(reader, '東京')).toEqual([japanese]);
  expect(await posts(reader, '東京 富士')).toEqual([japanese]);
  expect(await posts(reader, '京東')).toEqual([swapped]);
});

test('content warnings and alternative texts are searched, the new one after a change', async () => {
  const picture = await readyPicture(world, author, { altText: 'A lighthouse in fog' });
  const { post } = await sendPost(author, {
    mediaIds: [picture],
    common: { caption: 'Coast', contentWarning: 'Precipice' },
  });
  await world.settle();
  expect(await posts(reader, 'precipice lighthouse coast')).toEqual([post!.id]);
  await author.graphql(
    'mutation ($id: ID!) { updateMedia(input: { mediaId: $id, altText: "A windmill in fog" }) { userErrors { code } } }',
    { id: picture },
  );
  await world.settle();
  expect(await posts(reader, 'lighthouse')).toEqual([]);
  expect(await posts(reader, 'windmill')).toEqual([post!.id]);
});

test('a post is found as it is now, and not when it is put away or gone', async () => {
  const id = await write('quokka on a rock');
  const run = async (mutation: string): Promise<void> => {
    const answer = await author.graphql(
      `mutation ($id: ID!) { ${mutation} { userErrors { code } } }`,
      { id },
    );
    expect(Object.values(answer.data)).toEqual([{ userErrors: [] }]);
    await world.settle();
  };
  await run('updatePost(input: { postId: $id, caption: "wombat on a rock" })');
  expect(await posts(reader, 'quokka')).toEqual([]);
  expect(await posts(reader, 'wombat')).toEqual([id]);
  await run('setPostArchived(input: { postId: $id, archived: true })');
  expect([await posts(reader, 'wombat'), await posts(author, 'wombat')]).toEqual([[], []]);
  await run('setPostArchived(input: { postId: $id, archived: false })');
  expect(await posts(reader, 'wombat')).toEqual([id]);
  await run('deletePost(input: { postId: $id })');
  expect([await posts(reader, 'wombat'), await posts(author, 'wombat')]).toEqual([[], []]);
});

test('others find the posts of those alone who wish it; whoever had to do with a post finds it always', async () => {
  const quiet = await person('quiet', { isIndexable: false });
  const names = ['q_commented', 'q_liked', 'q_reposted', 'q_saved', 'q_named'];
  const id = await write('ocelot with @q_named', {}, quiet);
  expect(await posts(reader, 'ocelot')).toEqual([]);
  expect(await posts(quiet, 'ocelot')).toEqual([id]);
  const [commented, liked, reposted, saved] = await Promise.all(
    names.map((name) => world.local(name)),
  );
  const named = await world.local('q_named2');
  const again = await write('ocelot again for @q_named2', {}, quiet);
  await comment(commented!, id, 'Nice');
  await react(liked!, id, '❤');
  const touch = async (who: Person, mutation: string) => {
    const answer = await who.graphql(
      `mutation ($id: ID!) { ${mutation} { userErrors { code } } }`,
      { id },
    );
    expect(Object.values(answer.data)).toEqual([{ userErrors: [] }]);
  };
  await touch(reposted!, 'setRepost(input: { postId: $id, reposted: true })');
  await touch(saved!, 'setBookmark(input: { postId: $id, bookmarked: true })');
  for (const who of [commented, liked, reposted, saved])
    expect([who!.username, await posts(who!, 'ocelot')]).toEqual([who!.username, [id]]);
  expect(await posts(named, 'ocelot')).toEqual([again]);
  await person('quiet', { isIndexable: true });
  expect(await posts(reader, 'ocelot')).toEqual([again, id]);
  // The choice holds at once, before any job has run.
  await quiet.graphql(
    'mutation { updateProfile(input: { isIndexable: false }) { userErrors { code } } }',
  );
  expect(await posts(reader, 'ocelot')).toEqual([]);
  await world.settle();
  expect(await posts(reader, 'ocelot')).toEqual([]);
});

test('nobody finds what they may not see, what is not for the public, or those behind a block or mute', async () => {
  const fan = await world.local('fan');
  await follow(world, fan, author);
  const local = await write('pangolin here', { visibility: 'LOCAL' });
  const open = await write('pangolin there');
  await write('pangolin for the link', { visibility: 'UNLISTED' });
  const close = await write('pangolin among us', { visibility: 'FOLLOWERS' });
  expect(await posts(reader, 'pangolin')).toEqual([open, local]);
  expect(await posts(fan, 'pangolin')).toEqual([open, local]);
  await react(fan, close, '❤');
  expect(await posts(fan, 'pangolin')).toEqual([close, open, local]);
  await mute(fan, author);
  expect(await posts(fan, 'pangolin')).toEqual([close]);
  const cut = await world.local('cut');
  await react(cut, open, '❤');
  await block(world, author, cut);
  expect(await posts(cut, 'pangolin')).toEqual([]);
});

test('posts come page by page, filtered by author, time, language and kind', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) ids.unshift(await write(`axolotl ${index}`));
  const first = await postPage(reader, 'axolotl', { first: 3 });
  expect(first.nodes.map(({ id }) => id)).toEqual(ids.slice(0, 3));
  expect(first.pageInfo.hasNextPage).toBe(true);
  const rest = await postPage(reader, 'axolotl', { first: 3, after: first.pageInfo.endCursor });
  expect(rest.nodes.map(({ id }) => id)).toEqual(ids.slice(3));
  expect(rest.pageInfo.hasNextPage).toBe(false);
  expect(await posts(reader, 'axolotl', { last: 2 })).toEqual(ids.slice(3));
  const before = { last: 3, before: rest.pageInfo.endCursor };
  expect(await posts(reader, 'axolotl', before)).toEqual(ids.slice(1, 4));
  expect(await posts(reader, 'axolotl', { authorId: reader.actorGlobalId })).toEqual([]);
  expect(await posts(reader, 'axolotl', { authorId: author.actorGlobalId, first: 1 })).toEqual([
    ids[0],
  ]);
  expect(await posts(reader, 'axolotl', { authorId: 'nobody' })).toEqual([]);
  const now = world.clock.now().toISOString();
  world.clock.advance(60);
  const late = await write('axolotl late', { language: 'fr' });
  const later = new Date(world.clock.now().getTime() - 30_000).toISOString();
  expect(await posts(reader, 'axolotl', { since: later })).toEqual([late]);
  expect(await posts(reader, 'axolotl', { until: later })).toEqual(ids);
  expect(now < later).toBe(true);
  expect(await posts(reader, 'axolotl', { filter: { languages: ['fr'] } })).toEqual([late]);
  expect(await posts(reader, 'axolotl', { filter: { kinds: ['VIDEO'] } })).toEqual([]);
});

test('people are found by whole, beginning, words and likeness of their names, the best fit first', async () => {
  await person('lea', { displayName: 'Zoe' });
  await person('leander', { displayName: 'Anders Ångström' });
  await person('nobel', { displayName: 'Lea Čapek' });
  await person('wonderland', { displayName: 'Alice Liddell' });
  expect(await people(reader, 'LEA')).toEqual(['lea', 'leander', 'nobel']);
  expect(await people(reader, '@leand')).toEqual(['leander']);
  expect(await people(reader, 'angstrom')).toEqual(['leander']);
  expect(await people(reader, 'cap lea')).toEqual(['nobel']);
  expect(await people(reader, 'wonderlend')).toEqual(['wonderland']);
  expect(await people(reader, 'lea@b.example')).toEqual([]);
  expect(await people(reader, `lea@${world.services.config.publicUrl.host}`)).toEqual([
    'lea',
    'leander',
    'nobel',
  ]);
  expect(await people(reader, 'le%')).toEqual([]);
  expect(await people(reader, '__')).toEqual([]);
  expect(await people(reader, 'lea', true)).toEqual(['lea', 'leander', 'nobel']);
  // Among equals those with more followers come first.
  await person('leah');
  await follow(world, reader, await world.local('leander'));
  expect(await people(author, 'lea')).toEqual(['lea', 'leander', 'leah', 'nobel']);
});

test('who does not want to be found is found by followers and by the whole username only', async () => {
  await person('hermit_crab', { isDiscoverable: false, displayName: 'Hermit Crab' });
  expect(await people(reader, 'hermit')).toEqual([]);
  expect(await people(reader, 'hermit crab')).toEqual([]);
  expect(await people(reader, 'hermit_crab')).toEqual(['hermit_crab']);
  await follow(world, reader, await world.local('hermit_crab'));
  expect(await people(reader, 'hermit')).toEqual(['hermit_crab']);
});

test('blocks hide people in both directions, closed accounts are found by nobody, limited ones by followers', async () => {
  const [one, two] = [await person('vera_one'), await person('vera_two')];
  await person('vera_shut');
  await person('vera_limited');
  await world.services.database.pool.query(
    `update actors set status = case username when 'vera_shut' then 'SUSPENDED' else 'LIMITED' end
     where username in ('vera_shut', 'vera_limited')`,
  );
  expect((await people(reader, 'vera')).sort()).toEqual(['vera_one', 'vera_two']);
  await block(world, reader, one);
  await block(world, two, reader);
  expect(await people(reader, 'vera')).toEqual([]);
  expect(await people(reader, 'vera_one')).toEqual([]);
  expect(await people(reader, 'vera_shut')).toEqual([]);
  expect(await people(reader, 'vera_limited')).toEqual(['vera_limited']);
});

test('people come page by page', async () => {
  for (let index = 0; index < 5; index++) await person(`pager_${index}`);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const answer: { data: { search: { actors: Found<{ username: string }> } } } =
      await reader.graphql(
        'query ($after: String) { search(query: "pager") { actors(first: 2, after: $after) { nodes { username } pageInfo { endCursor hasNextPage } } } }',
        { after },
      );
    const { nodes, pageInfo } = answer.data.search.actors;
    seen.push(...nodes.map(({ username }) => username));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4].map((index) => `pager_${index}`));
});

test('hashtags are found by their beginning, as far as the viewer sees a post with them', async () => {
  await write('#Sämann #samba #sam #samtag_x');
  await write('#samurai', { visibility: 'FOLLOWERS' });
  const hashtags = async (query: string, after?: string | null) => {
    const answer = await reader.graphql<{ search: { hashtags: Found<{ name: string }> } }>(
      'query ($query: String!, $after: String) { search(query: $query) { hashtags(first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } } }',
      { query, after },
    );
    expect(answer.errors).toBeUndefined();
    return answer.data.search.hashtags;
  };
  const first = await hashtags('#SAM');
  expect(first.nodes.map(({ name }) => name)).toEqual(['sam', 'sämann']);
  const second = await hashtags('#SAM', first.pageInfo.endCursor);
  expect(second.nodes.map(({ name }) => name)).toEqual(['samba', 'samtag_x']);
  expect(second.pageInfo.hasNextPage).toBe(false);
  expect((await hashtags('samu')).nodes).toEqual([]);
  expect((await hashtags('sa\u200cm')).nodes).toHaveLength(2);
  expect((await hashtags('sam ba')).nodes).toEqual([]);
});

test('one text finds places, too, and has its bounds', async () => {
  await addPlaces(world, 'Málaga', 1);
  const answer = await reader.graphql<{ search: { query: string; places: { name: string }[] } }>(
    '{ search(query: " malag ") { query places { name } } }',
  );
  expect(answer.data.search).toEqual({ query: 'malag', places: [{ name: 'Málaga' }] });
  const ask =
    'query ($query: String!) { search(query: $query) { places { id } posts { nodes { id } } actors { nodes { id } } hashtags { nodes { id } } } }';
  for (const query of ['a', '  b ', 'a'.repeat(201)])
    expect((await reader.graphql(ask, { query })).errors?.[0]?.extensions['code']).toBe(
      'BAD_USER_INPUT',
    );
  expect((await reader.graphql(ask, { query: 'a'.repeat(200) })).errors).toBeUndefined();
  expect((await world.graphql(ask, { query: 'crane' })).errors?.[0]?.extensions['code']).toBe(
    'UNAUTHENTICATED',
  );
});
