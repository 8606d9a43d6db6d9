// Publishing a planned post: its pictures are there already.
import { publishPhotoPost } from '../../photos/publish-photo-post.js';
import type { TagPlacement } from '../../posts/photo-tag.js';
import type { PlannedMember } from './plan-people.js';
import type { PlannedPost } from './plan-posts.js';
import type { Exposure } from './shoot.js';
import type { World } from './world.js';

/** What a post may carry besides its pictures. */
export interface Extras {
  /** Who would be on the pictures, if there are people on them. */
  readonly companions: readonly PlannedMember[];
  /** Index of the post that it quotes, and what is said about it. */
  readonly quote: { readonly index: number; readonly words: string } | null;
}

/** Publishes the post and remembers it. */
export async function publish(
  world: World,
  post: PlannedPost,
  { album, extras }: { album: readonly Exposure[]; extras: Extras },
): Promise<void> {
  const context = await world.as(post.author.member.username, post.at);
  const tags = await tagsOf(world, post, album, extras.companions);
  const named =
    tags.length > 0
      ? `\n\n${extras.companions
          .slice(0, tags.length)
          .map(({ member }) => `@${member.username}`)
          .join(' ')}`
      : '';
  const postId = await publishPhotoPost(context, {
    caption: (extras.quote ? `${extras.quote.words}\n\n` : '') + post.caption + named,
    language: post.author.member.language,
    visibility: post.visibility,
    commentPolicy: post.commentPolicy,
    contentWarning: post.contentWarning,
    isSensitive: post.contentWarning !== null,
    aiDisclosure: 'NONE',
    license: post.license,
    placeId: post.hasPlace ? (world.places.get(post.author.member.home) ?? null) : null,
    quotePolicy: null,
    quotedPostId: extras.quote ? world.post(extras.quote.index) : null,
    mediaIds: album.map(({ mediaId }) => mediaId),
    tags,
  });
  world.posts.set(post.index, postId);
  world.tally.posts += 1;
}

/** One person per head, as far as there are companions. */
async function tagsOf(
  world: World,
  post: PlannedPost,
  album: readonly Exposure[],
  companions: readonly PlannedMember[],
): Promise<TagPlacement[]> {
  const [first] = album;
  if (!first) return [];
  const pairs = companions.flatMap(({ member }, index) => {
    const head = first.people[index];
    return head ? [{ member, head }] : [];
  });
  return Promise.all(
    pairs.map(async ({ member, head }) => ({
      actorId: await world.actorId(member.username, post.at),
      mediaId: first.mediaId,
      x: Math.min(1, Math.max(0, head.x)),
      y: Math.min(1, Math.max(0, head.y)),
    })),
  );
}
