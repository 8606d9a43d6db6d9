/** What happens to a timeline, live. */
import { Field, ID, ObjectType } from 'type-graphql';
import { encodeCursor } from '../../platform/db/page.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Shared } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { toGlobalId } from '../../platform/ids.js';
import type { PayloadOf } from '../../platform/journal/event.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { ChangeKindEnum, type ChangeKind } from '../../posts/graphql/post-event.type.js';
import { PostEdge, toPostEdge, type PostEdgeSource } from '../../posts/graphql/post.connection.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import type { PostId } from '../../posts/post.entity.js';
import { postArchived, postDeleted, postUpdated } from '../../posts/posts.events.js';
import { homeRepostWithdrawn, homeTimelineReposted } from '../timelines.events.js';

@ObjectType('TimelineEvent', {
  description: 'Change of a timeline: an item, not a new list.',
  simpleResolvers: true,
})
export class TimelineEventType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  @Shared()
  cursor!: string;

  @Field(() => ChangeKindEnum, { description: 'What happened.' })
  @Shared()
  change!: ChangeKind;

  @Field(() => PostEdge, {
    nullable: true,
    description:
      'The post and its place; null when it is gone. For a post that comes by a repost this is the place of the repost; for a change it is where the post was published.',
  })
  @Shared()
  postEdge!: PostEdgeSource | null;

  @Field(() => ID, { nullable: true, description: 'Id of a post that is gone; null otherwise.' })
  @Shared()
  removedPostId!: string | null;
}

/** What an event of a timeline topic does to the timeline. */
export function timelineChange({ name }: LiveEvent): ChangeKind {
  const isRemoval = [postArchived, postDeleted, homeRepostWithdrawn].some(
    (event) => event.name === name,
  );
  if (isRemoval) return 'REMOVED';
  return name === postUpdated.name ? 'UPDATED' : 'ADDED';
}

/** The post of an event of a timeline topic. */
export function timelinePostId({ payload }: LiveEvent): PostId {
  return (payload as { postId: PostId }).postId;
}

/** Shapes an event of a timeline topic for one who may have it. */
export async function toTimelineEvent(
  event: LiveEvent,
  context: GraphQLContext,
): Promise<TimelineEventType> {
  const change = timelineChange(event);
  const postId = timelinePostId(event);
  const post = change === 'REMOVED' ? null : await load(context, postLoader, postId);
  const fields = {
    cursor: event.cursor,
    change,
    postEdge: post && edgeOf(event, post),
    removedPostId: change === 'REMOVED' ? toGlobalId('post', postId) : null,
  };
  return Object.assign(new TimelineEventType(), fields);
}

function edgeOf({ name, payload }: LiveEvent, post: PostSource): PostEdgeSource {
  if (name !== homeTimelineReposted.name) return toPostEdge(post);
  const { repostId, reposterId } = payload as PayloadOf<typeof homeTimelineReposted>;
  return { cursor: encodeCursor([repostId]), node: post, reposterId };
}
