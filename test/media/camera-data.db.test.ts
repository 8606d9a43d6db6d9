// Camera data: read before it is removed, kept in private, shown only when the author says so, and never a location.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { readCamera } from '../../src/media/internal/images/worker/camera.js';
import { innerId, sendPost } from '../support/posts.js';
import { photograph } from '../support/photographs.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

afterAll(() => world[Symbol.asyncDispose]());

/** A photograph as a camera leaves it: with all that the test reads, and with a place. */
async function cameraJpeg(): Promise<Buffer> {
  return sharp(await photograph())
    .resize(900)
    .withExif({
      IFD0: { Make: 'FUJIFILM', Model: 'X-T5', Software: 'Secret Editor 3', Artist: 'Ada Secret' },
      IFD2: {
        ExposureTime: '1/250',
        FNumber: '28/10',
        ISOSpeedRatings: '400',
        FocalLength: '230/10',
        DateTimeOriginal: '2026:03:01 08:09:10',
        LensModel: 'XF23mmF1.4 R LM WR',
        BodySerialNumber: 'SERIAL-4711',
      },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitudeRef: 'W' },
    })
    .jpeg()
    .toBuffer();
}

const EXIF = {
  camera: 'FUJIFILM X-T5',
  lens: 'XF23mmF1.4 R LM WR',
  focalLength: '23 mm',
  aperture: 'f/2.8',
};
const SHOWN = { ...EXIF, shutter: '1/250 s', iso: 400, takenAt: '2026-03-01T08:09:10' };
const FIELDS = 'id showsCameraData exif { camera lens focalLength aperture shutter iso takenAt }';

async function mediaOf(who: Person | null, postId: string): Promise<unknown> {
  const answer = await (who ?? world).graphql<{ post: { media: unknown[] } }>(
    `query ($id: ID!) { post(by: { id: $id }) { media { ... on ImageMedia { ${FIELDS} } } } }`,
    { id: postId },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post.media[0];
}

async function choose(who: Person, mediaId: string, showsCameraData: boolean | null) {
  const answer = await who.graphql<{
    updateMedia: { media: unknown; userErrors: { code: string; path: string[] }[] };
  }>(
    `mutation ($input: UpdateMediaInput!) { updateMedia(input: $input) { media { ... on ImageMedia { ${FIELDS} } } userErrors { code path } } }`,
    { input: { mediaId, showsCameraData } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.updateMedia;
}

test('M06 camera data are for nobody until the author shows them, and never hold a location', async () => {
  const mediaId = await uploadPicture(world, ada, await cameraJpeg());
  const { post } = await sendPost(ada, { mediaIds: [mediaId] });
  const hidden = { id: mediaId, showsCameraData: false, exif: null };
  for (const who of [ada, ben, null]) expect(await mediaOf(who, post!.id)).toEqual(hidden);
  expect(await choose(ben, mediaId, true)).toEqual({
    media: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['mediaId'] }],
  });
  const shown = { id: mediaId, showsCameraData: true, exif: SHOWN };
  expect((await choose(ada, mediaId, true)).media).toEqual(shown);
  for (const who of [ada, ben, null]) expect(await mediaOf(who, post!.id)).toEqual(shown);
  expect((await choose(ada, mediaId, null)).media).toEqual(hidden);
  expect(await mediaOf(ben, post!.id)).toEqual(hidden);
  // Nothing else of the file is kept, not even in private.
  const { rows } = await world.services.database.pool.query(
    'select camera, to_jsonb(m)::text as row from media m where id = $1',
    [innerId(mediaId)],
  );
  expect(Object.keys(rows[0].camera).sort()).toEqual([
    'camera',
    'exposureSeconds',
    'fNumber',
    'focalLengthMm',
    'iso',
    'lens',
    'takenAt',
  ]);
  for (const secret of ['Secret', 'SERIAL', '51', 'GPS'])
    expect(JSON.stringify(rows[0].camera)).not.toContain(secret);
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id: post!.id },
  );
  await world.settle();
  const gone = await world.services.database.pool.query('select camera from media where id = $1', [
    innerId(mediaId),
  ]);
  expect(gone.rows).toEqual([{ camera: null }]);
});

test('a picture without camera data has none to show; an avatar keeps none', async () => {
  const bare = await uploadPicture(
    world,
    ada,
    await sharp(await photograph())
      .resize(600)
      .jpeg()
      .toBuffer(),
  );
  expect((await choose(ada, bare, true)).media).toEqual({
    id: bare,
    showsCameraData: true,
    exif: null,
  });
  const avatar = await uploadPicture(world, ada, await cameraJpeg(), { purpose: 'AVATAR' });
  const { rows } = await world.services.database.pool.query(
    'select camera from media where id = $1',
    [innerId(avatar)],
  );
  expect(rows).toEqual([{ camera: null }]);
});

test.each(['png', 'webp', 'avif'] as const)(
  'camera data of a %s are read as well',
  async (format) => {
    const { exif } = await sharp(
      await sharp(await cameraJpeg())
        .keepExif()
        .resize(64)
        .toFormat(format)
        .toBuffer(),
    ).metadata();
    expect(readCamera(exif)).toMatchObject({ camera: 'FUJIFILM X-T5', fNumber: 2.8, iso: 400 });
  },
);

test('no damage to the block of a camera costs more than its own words', async () => {
  const { exif } = await sharp(await cameraJpeg()).metadata();
  const whole = readCamera(exif);
  expect(whole).toMatchObject({ camera: 'FUJIFILM X-T5', exposureSeconds: 1 / 250 });
  for (let length = 0; length < exif!.length; length++) readCamera(exif!.subarray(0, length));
  let seed = 1;
  for (let round = 0; round < 5_000; round++) {
    const damaged = Buffer.from(exif!);
    for (let hit = 0; hit < 4; hit++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      damaged[seed % damaged.length] = seed >> 16;
    }
    const report = readCamera(damaged);
    for (const text of [report?.camera, report?.lens])
      expect(text == null || /^[^\p{C}\uFFFD]{1,100}$/u.test(text)).toBe(true);
    for (const value of [
      report?.iso,
      report?.fNumber,
      report?.exposureSeconds,
      report?.focalLengthMm,
    ])
      expect(value == null || (Number.isFinite(value) && value > 0)).toBe(true);
  }
  expect(readCamera(undefined)).toBeNull();
  expect(readCamera(Buffer.from('Exif\0\0II*\0'))).toBeNull();
});
