// Timelines as clients read them, and what people arrange in them.
import type { Answered, Refusal } from './posts.js';
import { connectSocket, subscribed } from './socket.js';
import type { Person, World } from './world.js';

/** An edge of a timeline. */
export interface TimelineEdge {
  readonly cursor: string;
  readonly repostedBy: { readonly username: string } | null;
  readonly followedHashtag: { readonly name: string } | null;
  readonly node: { readonly id: string };
}

const HOME = `query ($filter: TimelineFilter) { viewer { homeTimeline(first: 100, filter: $filter) {
  edges { cursor repostedBy { username } followedHashtag { name } node { id } } } } }`;

/** Everything in somebody's home timeline, newest first. */
export async function homeEdges(
  who: Person,
  filter?: Record<string, unknown>,
): Promise<readonly TimelineEdge[]> {
  const answer = await who.graphql<{ viewer: { homeTimeline: { edges: TimelineEdge[] } } }>(HOME, {
    filter,
  });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.viewer.homeTimeline.edges;
}

/** Ids of the posts in somebody's home timeline, newest first. */
export async function homePosts(who: Person): Promise<string[]> {
  return (await homeEdges(who)).map(({ node }) => node.id);
}

/** Follows a hashtag or unfollows it; answers the refusals. */
export async function followHashtag(
  who: Person,
  name: string,
  following = true,
): Promise<Refusal[]> {
  const answer = await who.graphql<{ followHashtag: Answered<object> }>(
    'mutation ($input: FollowHashtagInput!) { followHashtag(input: $input) { userErrors { code path } } }',
    { input: { name, following } },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.followHashtag.userErrors;
}

/** A list of actors as its owner sees it. */
export interface SeenList {
  readonly id: string;
  readonly title: string;
  readonly isExclusive: boolean;
  readonly memberCount: number;
  readonly members: { readonly nodes: readonly { readonly username: string }[] };
}

const SAVE = `mutation ($input: SaveListInput!) { saveList(input: $input) {
  list { id title isExclusive memberCount members(first: 100) { nodes { username } } } userErrors { code path } } }`;

/** Sends saveList. */
export async function saveList(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ list: SeenList | null }>> {
  const answer = await who.graphql<{ saveList: Answered<{ list: SeenList | null }> }>(SAVE, {
    input,
  });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.saveList;
}

/** Makes a list of these people; answers its id. */
export async function makeList(
  who: Person,
  members: readonly Person[],
  input: Record<string, unknown> = {},
): Promise<string> {
  const { list, userErrors } = await saveList(who, {
    title: 'Kites',
    addActorIds: members.map(({ actorGlobalId }) => actorGlobalId),
    ...input,
  });
  if (!list) throw new Error(JSON.stringify(userErrors));
  return list.id;
}

/** What a live timeline said: a post that came or changed, or the id of one that is gone. */
export interface HeardPost {
  readonly change: string;
  readonly removedPostId: string | null;
  readonly postEdge: { readonly node: { readonly id: string } } | null;
}

/** A live timeline. */
export interface Watched extends AsyncDisposable {
  /** The next event, in order. */
  next(): Promise<HeardPost>;
  /** Events that came and nobody has asked for. */
  waiting(): number;
}

const LIVE = `subscription ($timeline: TimelineSource!) { timelineChanged(timeline: $timeline) {
  change removedPostId postEdge { node { id } } } }`;

/** Watches a timeline from now on. */
export async function watchTimeline(
  world: World,
  who: Person | null,
  timeline: Record<string, unknown>,
): Promise<Watched> {
  const socket = await connectSocket(world.origin, who?.token ?? null);
  await subscribed(socket, 'live', LIVE, { timeline });
  return {
    next: async () => {
      const { id, type, payload } = await socket.next();
      if (id !== 'live' || type !== 'next') throw new Error(JSON.stringify({ id, type, payload }));
      return (payload as { data: { timelineChanged: HeardPost } }).data.timelineChanged;
    },
    waiting: () => socket.waiting(),
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}
