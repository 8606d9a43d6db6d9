// Posts made through the public API. Pictures are rows that look processed: the way there is tested elsewhere.
import { Media, type MediaId } from '../../src/media/media.entity.js';
import { newId, parseGlobalId, toGlobalId } from '../../src/platform/ids.js';
import { statement } from '../../src/platform/db/database.js';
import type { Person, World } from './world.js';

/** An expected refusal as clients see it. */
export interface Refusal {
  readonly code: string;
  readonly path: string[] | null;
}

/** Answer of a mutation. */
export type Answered<Fields> = Fields & { readonly userErrors: Refusal[] };

const ADD_RENDITION = statement(
  'test.rendition',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes)
   values ($1::uuid, 'full', 'test/' || $1::uuid::text, 'image/jpeg', 1200, 800, 1000)`,
);

/** A picture of somebody that is ready to be published; answers its global id. */
export async function readyPicture(
  world: World,
  owner: Pick<Person, 'actorId'>,
  overrides: Partial<Pick<Media, 'state' | 'altText' | 'purpose' | 'kind' | 'mimeType'>> = {},
): Promise<string> {
  const now = world.clock.now();
  const id: MediaId = newId<'media'>(now);
  await world.services.database.transaction(async (tx) => {
    tx.em.create(Media, {
      id,
      ownerId: owner.actorId,
      kind: 'image',
      purpose: 'POST',
      state: 'READY',
      mimeType: 'image/jpeg',
      sizeBytes: 1000n,
      storedBytes: 1000n,
      width: 1200,
      height: 800,
      createdAt: now,
      updatedAt: now,
      ...overrides,
    });
    await tx.rows(ADD_RENDITION, [id]);
  });
  return toGlobalId('media', id);
}

const PUBLISH = `mutation ($input: PublishPhotoPostInput!) { publishPhotoPost(input: $input) {
  post { id } postEdge { cursor } userErrors { code path } } }`;

/** Sends publishPhotoPost; `common` is put over a public post with an empty caption. */
export async function sendPost(
  author: Person,
  input: { mediaIds: string[]; common?: Record<string, unknown>; idempotencyKey?: string },
): Promise<Answered<{ post: { id: string } | null; postEdge: { cursor: string } | null }>> {
  const answer = await author.graphql<{
    publishPhotoPost: Answered<{
      post: { id: string } | null;
      postEdge: { cursor: string } | null;
    }>;
  }>(PUBLISH, { input: { ...input, common: { visibility: 'PUBLIC', ...input.common } } });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.publishPhotoPost;
}

/** Publishes a photo post with one picture; answers its global id. */
export async function publish(
  world: World,
  author: Person,
  common: Record<string, unknown> = {},
): Promise<string> {
  const { post, userErrors } = await sendPost(author, {
    mediaIds: [await readyPicture(world, author)],
    common,
  });
  if (!post) throw new Error(JSON.stringify(userErrors));
  return post.id;
}

const MAKE_TEXT = statement('test.make_text', `update posts set kind = 'text' where id = $1`);

/** Makes a post look like a text, which nobody can write here; who sees it does not depend on that. */
export async function makeText(world: World, postId: string): Promise<string> {
  await world.services.database.rows(MAKE_TEXT, [innerId(postId)]);
  return postId;
}

/** Comments on a post; answers the comment's global id. */
export async function comment(
  author: Person,
  postId: string,
  content: string,
  parentId: string | null = null,
): Promise<string> {
  const answer = await author.graphql<{ addComment: Answered<{ comment: { id: string } | null }> }>(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } userErrors { code path } } }',
    { input: { postId, parentId, content } },
  );
  const made = answer.data?.addComment.comment;
  if (!made) throw new Error(JSON.stringify(answer));
  return made.id;
}

/** Reacts; answers the refusals. */
export async function react(
  actor: Person,
  subjectId: string,
  content: string | null,
): Promise<Refusal[]> {
  const answer = await actor.graphql<{ setReaction: Answered<object> }>(
    'mutation ($input: SetReactionInput!) { setReaction(input: $input) { userErrors { code path } } }',
    { input: { subjectId, content } },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.setReaction.userErrors;
}

/** Lets somebody follow somebody, and settles. */
export async function follow(world: World, follower: Person, followee: Person): Promise<void> {
  await relate(
    follower,
    'mutation ($id: ID!) { followActor(input: { actorId: $id }) { userErrors { code } } }',
    followee,
    'followActor',
  );
  await world.settle();
}

/** Lets somebody unfollow somebody, and settles. */
export async function unfollow(world: World, follower: Person, followee: Person): Promise<void> {
  await relate(
    follower,
    'mutation ($id: ID!) { unfollowActor(input: { actorId: $id }) { userErrors { code } } }',
    followee,
    'unfollowActor',
  );
  await world.settle();
}

/** Blocks or unblocks, and settles. */
export async function block(
  world: World,
  blocker: Person,
  blocked: Pick<Person, 'actorGlobalId'>,
  isBlocked = true,
): Promise<void> {
  await relate(
    blocker,
    `mutation ($id: ID!) { setBlock(input: { actorId: $id, blocked: ${isBlocked} }) { userErrors { code } } }`,
    blocked,
    'setBlock',
  );
  await world.settle();
}

/** Mutes or unmutes. */
export async function mute(muter: Person, muted: Person, isMuted = true): Promise<void> {
  await relate(
    muter,
    `mutation ($id: ID!) { setMute(input: { actorId: $id, muted: ${isMuted} }) { userErrors { code } } }`,
    muted,
    'setMute',
  );
}

/** The inner UUID of a global id. */
export function innerId(globalId: string): string {
  const parsed = parseGlobalId(globalId);
  if (!parsed) throw new Error(`${globalId} is no global id`);
  return parsed.id;
}

async function relate(
  actor: Person,
  mutation: string,
  other: Pick<Person, 'actorGlobalId'>,
  name: string,
): Promise<void> {
  const answer = await actor.graphql<Record<string, Answered<object>>>(mutation, {
    id: other.actorGlobalId,
  });
  if (answer.data?.[name]?.userErrors.length !== 0) throw new Error(JSON.stringify(answer));
}
