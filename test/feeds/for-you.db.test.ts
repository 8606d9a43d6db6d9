// The feed that is made for somebody: of few authors, of what they watched and liked, and within the time they want.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { prefer, idsOf, readFeed } from '../support/feeds.js';
import { block, follow, innerId, mute, publish, react } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { addRemixes, addSound } from '../support/sounds.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let rounds = 0;
let ada: Person;
let ben: Person;
let eva: Person;

beforeAll(async () => {
  world = await startWorld();
  world.clock.toMorning();
});
beforeEach(async () => {
  await world.services.database.pool.query('update posts set deleted_at = published_at');
  rounds += 1;
  [ada, ben, eva] = [await findable('ada'), await findable('ben'), await findable('eva')];
});
afterAll(() => world[Symbol.asyncDispose]());

async function findable(name: string): Promise<Person> {
  const person = await world.local(`${name}${rounds}`);
  await person.graphql(
    'mutation { updateProfile(input: { isDiscoverable: true }) { userErrors { code } } }',
  );
  return person;
}

interface Seen {
  readonly endReason: string | null;
  readonly dailyLimit: {
    minutes: number;
    watchedMinutes: number;
    isReached: boolean;
    message: string | null;
  } | null;
  readonly snapshot: {
    readonly rejected: { reason: string; post: { id: string } | null }[];
  };
}

async function say(who: Person | null, first = 60, algorithm = 'for-you'): Promise<Seen> {
  const answer = await (who ?? world).graphql<{ feed: Seen }>(
    `query ($first: Int, $algorithm: String) { feed(algorithm: $algorithm, first: $first) { endReason
      dailyLimit { minutes watchedMinutes isReached message } snapshot { rejected { reason post { id } } } } }`,
    { first, algorithm },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.feed;
}

async function record(who: Person, entry: Record<string, unknown>): Promise<void> {
  const answer = await who.graphql<{ recordPlayback: { accepted: number; userErrors: object[] } }>(
    'mutation ($input: RecordPlaybackInput!) { recordPlayback(input: $input) { accepted userErrors { code path } } }',
    { input: { entries: [entry] } },
  );
  expect(answer.data.recordPlayback).toEqual({ accepted: 1, userErrors: [] });
}

test('where there are few authors, as many posts in a row are by different ones, and nothing is lost', async () => {
  await follow(world, ada, ben);
  await follow(world, ada, eva);
  for (let index = 0; index < 4; index += 1)
    for (const author of [ben, eva]) await publish(world, author);
  await world.settle();
  const feed = await readFeed(world, ada, { algorithm: 'for-you', first: 60 });
  expect(feed.edges).toHaveLength(8);
  expect((await say(ada)).endReason).toBe('NOTHING_MORE');
  expect((await say(ada, 5)).endReason).toBeNull();
});

test('an order says why it ends, and what is left out why', async () => {
  await follow(world, ada, ben);
  await follow(world, ada, eva);
  await publish(world, eva);
  const many = [await publish(world, ben), await publish(world, ben), await publish(world, ben)];
  const own = await publish(world, ada);
  await world.settle();
  // Two authors, of whom one has more than the other: the last of his would follow one another.
  const { endReason, snapshot } = await say(ada);
  expect(endReason).toBe('AUTHOR_SHARE');
  expect(snapshot.rejected).toContainEqual({ reason: 'OWN', post: { id: own } });
  expect(snapshot.rejected.filter(({ reason }) => reason === 'AUTHOR_SHARE')).toHaveLength(1);
  for (const postId of many) await react(ada, postId, '❤');
  const seen = (await say(ada)).snapshot.rejected.filter(({ reason }) => reason === 'SEEN');
  expect(seen.map(({ post }) => post!.id).toSorted()).toEqual(many.toSorted());
  expect((await say(ada)).endReason).toBe('SEEN');
});

test('what one watched makes interests, as long as one allows it', async () => {
  const { postId } = await publishVideo(world, ben, { caption: 'Rain #weather' });
  const { postId: passed } = await publishVideo(world, eva);
  await record(ada, { postId, watchedMs: 2000, completed: true });
  await record(ada, { postId: passed, watchedMs: 2000 });
  const interests = async () => {
    const answer = await ada.graphql<{
      viewer: {
        interestProfile: { evidence: string; score: number; actor: { id: string } | null }[];
      };
    }>('{ viewer { interestProfile { evidence score actor { id } } } }');
    return answer.data.viewer.interestProfile;
  };
  expect(await interests()).toEqual([]);
  await prefer(ada, { profilingEnabled: true });
  expect(await interests()).toMatchObject([
    { evidence: 'watched once', score: 0.025, actor: { id: ben.actorGlobalId } },
    { evidence: 'watched once', score: 0.025, actor: null },
  ]);
  await readFeed(world, ada, { algorithm: 'for-you' });
  const known = async () =>
    (
      await world.services.database.pool.query(
        `select 1 from feed_snapshots where owner_id = $1 and input::text like '%WATCH%'`,
        [ada.actorId],
      )
    ).rowCount;
  expect(await known()).toBe(1);
  await ada.graphql('mutation { clearPlaybackHistory { cleared } }');
  expect(await interests()).toEqual([]);
  await world.settle();
  expect(await known()).toBe(0);
});

test('sounds and remixes of what one liked are candidates, where one allows a profile', async () => {
  const { postId: liked } = await publishVideo(world, ben);
  const { postId: sung } = await publishVideo(world, eva);
  const { postId: duet } = await publishVideo(world, eva);
  await addSound(world, [liked, sung]);
  await addRemixes(world, liked, [duet]);
  // Of other servers, so that nothing else makes them candidates.
  await world.services.database.pool.query(
    'update posts set is_local = false where id = any($1::uuid[])',
    [[sung, duet].map(innerId)],
  );
  await react(ada, liked, '❤');
  const found = async () => {
    const { edges } = await readFeed(world, ada, { algorithm: 'for-you', first: 60 });
    return edges.filter(({ explanation }) => explanation.source === 'SOUND_OR_REMIX');
  };
  expect(await found()).toEqual([]);
  await prefer(ada, { profilingEnabled: true });
  const places = await found();
  expect(places.map(({ node }) => node!.id).toSorted()).toEqual([duet, sung].toSorted());
  expect(places[0]!.explanation.summary).toBe(
    'It has the sound of a video that you liked, or is made of it.',
  );
});

test('what is made of a video is not shown to whom that video is hidden from', async () => {
  const [fay, gil] = [await findable('fay'), await findable('gil')];
  await follow(world, ada, gil);
  const { postId: original } = await publishVideo(world, fay);
  const { postId: duet } = await publishVideo(world, gil);
  await world.settle();
  await addRemixes(world, original, [duet]);
  const stands = async (algorithm: string): Promise<boolean> => {
    await world.services.database.pool.query('delete from feed_snapshots');
    return idsOf(await readFeed(world, ada, { algorithm, first: 60 })).includes(duet);
  };
  const everywhere = async (): Promise<boolean[]> => [
    await stands('for-you'),
    await stands('chronological'),
  ];
  expect(await everywhere()).toEqual([true, true]);
  await block(world, ada, fay);
  expect(await everywhere()).toEqual([false, false]);
  await block(world, ada, fay, false);
  await mute(ada, fay);
  expect(await everywhere()).toEqual([false, false]);
  await mute(ada, fay, false);
  const { pool } = world.services.database;
  await pool.query('update posts set removed_at = now() where id = $1', [innerId(original)]);
  expect(await everywhere()).toEqual([false, false]);
  await pool.query('update posts set removed_at = null where id = $1', [innerId(original)]);
  expect(await everywhere()).toEqual([true, true]);
});

test('what one liked and may not see any more leads to nothing', async () => {
  const [fay, gil] = [await findable('fay2'), await findable('gil2')];
  const { postId: liked } = await publishVideo(world, fay);
  const { postId: sung } = await publishVideo(world, gil);
  const { postId: duet } = await publishVideo(world, gil);
  await addSound(world, [liked, sung]);
  await addRemixes(world, liked, [duet]);
  const { pool } = world.services.database;
  await pool.query('update posts set is_local = false where id = any($1::uuid[])', [
    [sung, duet].map(innerId),
  ]);
  await react(ada, liked, '❤');
  await prefer(ada, { profilingEnabled: true });
  const found = async (): Promise<(string | null)[]> => {
    await pool.query('delete from feed_snapshots');
    const { edges } = await readFeed(world, ada, { algorithm: 'for-you', first: 60 });
    const led = edges.filter(({ explanation }) => explanation.source === 'SOUND_OR_REMIX');
    return led.map(({ node }) => node!.id).filter((id) => [sung, duet].includes(id));
  };
  expect((await found()).toSorted()).toEqual([sung, duet].toSorted());
  await mute(ada, fay);
  expect(await found()).toEqual([]);
  await mute(ada, fay, false);
  await pool.query('update posts set archived_at = now() where id = $1', [innerId(liked)]);
  expect(await found()).toEqual([]);
  await pool.query('update posts set archived_at = null, deleted_at = now() where id = $1', [
    innerId(liked),
  ]);
  expect(await found()).toEqual([]);
});

test('what people who are suspended did is not counted', async () => {
  const postId = await publish(world, ben);
  for (const person of [eva, await findable('leo'), await findable('mia')])
    await react(person, postId, '❤');
  await world.settle();
  const counted = async () => {
    const feed = await readFeed(world, ada, { algorithm: 'for-you', first: 60 });
    expect(idsOf(feed)).toContain(postId);
    const { contributions } = feed.edges.find(({ node }) => node?.id === postId)!.explanation;
    return contributions.find(({ signal }) => signal === 'ENGAGEMENT_RATE')!.raw;
  };
  expect(await counted()).toBe(3);
  const suspend = `update actors set status = $2 where id = $1`;
  await world.services.database.pool.query(suspend, [eva.actorId, 'SUSPENDED']);
  await runScheduled(world, 'countWithheld');
  expect(await counted()).toBe(2);
  await world.services.database.pool.query(suspend, [eva.actorId, 'ACTIVE']);
  await runScheduled(world, 'countWithheld');
  expect(await counted()).toBe(3);
});

const LONG = `update media set video = jsonb_set(video::jsonb, '{durationMs}', '600000') where id = $1`;

test('a limit of one’s own tells when it is reached, and nothing else', async () => {
  const { postId, mediaId } = await publishVideo(world, ben);
  await world.services.database.pool.query(LONG, [innerId(mediaId)]);
  expect((await say(ada)).dailyLimit).toBeNull();
  await prefer(ada, { dailyLimitMinutes: 5 });
  await record(ada, { postId, watchedMs: 4.5 * 60_000 });
  expect((await say(ada)).dailyLimit).toEqual({
    minutes: 5,
    watchedMinutes: 4,
    isReached: false,
    message: null,
  });
  world.clock.advance(60);
  await record(ada, { postId, watchedMs: 5.5 * 60_000 });
  expect((await say(ada, 10, 'chronological')).dailyLimit).toEqual({
    minutes: 5,
    watchedMinutes: 5,
    isReached: true,
    message: 'You have watched 5 minutes today; you wanted to stop at 5.',
  });
  expect((await say(ben)).dailyLimit).toBeNull();
  expect((await say(null)).dailyLimit).toBeNull();
  await prefer(ada, { dailyLimitMinutes: null });
  expect((await say(ada)).dailyLimit).toBeNull();
});

test.each([0, 1441, -5])('no day has %s minutes', async (dailyLimitMinutes) => {
  await expect(prefer(ada, { dailyLimitMinutes })).rejects.toThrow('dailyLimitMinutes');
});

test('forgetting nothing is refused by its field', async () => {
  const reset = async (input: Record<string, unknown>) =>
    (
      await ada.graphql<{ resetInterests: { userErrors: object[] } }>(
        `mutation ($input: ResetInterestsInput!) { resetInterests(input: $input) { userErrors { code path ... on ValidationError { limit } } } }`,
        { input },
      )
    ).data.resetInterests.userErrors;
  for (const nothing of [{}, { subjectIds: [] }, { subjectIds: null, all: false }])
    expect(await reset(nothing)).toEqual([
      { code: 'INVALID_INPUT', path: ['subjectIds'], limit: '1' },
    ]);
  expect(await reset({ subjectIds: ['nonsense'] })).toEqual([]);
  expect(await reset({ all: true })).toEqual([]);
});
