// The seeded world while it is being made: who is there by now, and what they have published.
import { randomUUID } from 'node:crypto';
import { findViewer } from '../../accounts/authenticate.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { CommandContext, Services, Viewer } from '../../platform/context.js';
import { DEFAULT_LOCALE } from '../../platform/messages/catalogue.js';
import type { RateLimiter } from '../../platform/rate-limiter.js';
import type { PlaceId } from '../../places/place.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import type { StoryId } from '../../stories/story.entity.js';
import { seedToken } from './tokens.js';

/** Months pass in a minute here: limits per hour would tell nothing. */
const UNLIMITED: RateLimiter = {
  charge: ({ points, windowSeconds }) =>
    Promise.resolve({ isExceeded: false, remaining: points, resetSeconds: windowSeconds }),
  reset: () => Promise.resolve(),
};

/** Counts of what was made. */
export interface Tally {
  people: number;
  pictures: number;
  videos: number;
  posts: number;
  comments: number;
  reactions: number;
  reposts: number;
  follows: number;
  stories: number;
}

/** The world so far. Everything is found by the key under which the plan knows it. */
export class World {
  readonly tally: Tally = {
    people: 0,
    pictures: 0,
    videos: 0,
    posts: 0,
    comments: 0,
    reactions: 0,
    reposts: 0,
    follows: 0,
    stories: 0,
  };
  readonly posts = new Map<number, PostId>();
  readonly comments = new Map<string, CommentId>();
  readonly stories = new Map<string, StoryId>();
  readonly places = new Map<string, PlaceId>();
  private readonly viewers = new Map<string, Viewer>();

  constructor(readonly services: Services) {}

  /** The context of a command that nobody signed in calls at this instant. */
  context(at: Date, viewer: Viewer | null = null): CommandContext {
    return {
      ...this.services,
      clock: { now: () => at },
      rateLimiter: UNLIMITED,
      viewer,
      requestId: randomUUID(),
      clientAddress: null,
      locale: DEFAULT_LOCALE,
      clientName: 'triptych seed',
    };
  }

  /** The context of a command that this person calls at this instant. */
  async as(username: string, at: Date): Promise<CommandContext> {
    return this.context(at, await this.viewerOf(username, at));
  }

  /** Who acts under this name. */
  async actorId(username: string, at: Date): Promise<ActorId> {
    return (await this.viewerOf(username, at)).actorId;
  }

  /** A post that was published before. */
  post(index: number): PostId {
    return found(this.posts.get(index), `post ${index}`);
  }

  private async viewerOf(username: string, at: Date): Promise<Viewer> {
    const known = this.viewers.get(username);
    if (known) return known;
    const { token } = seedToken(username);
    const viewer = found(await findViewer(this.services.database, token, at), username);
    this.viewers.set(username, viewer);
    return viewer;
  }
}

/** Something that the plan has made before; a throw is a mistake of the plan. */
export function found<Thing>(thing: Thing | null | undefined, what: string): Thing {
  if (thing == null) throw new Error(`The plan uses ${what} before it is there`);
  return thing;
}
