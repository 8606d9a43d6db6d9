/** Tells authors live how far their posts have come. Gathered: a post that goes to many servers is news once in a while. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { postDelivered } from '../../posts/posts.events.js';
import type { Delivery } from './deliveries.js';

const GATHERED_MS = 2_000;

const OWN = statement(
  'federation.posts_on_their_way',
  `select id as "postId", author_id as "authorId" from posts
   where id = any($1::uuid[]) and is_local and kind <> 'comment' and deleted_at is null`,
);

/** The news of one run. */
export class DeliveryNews {
  private subjects = new Set<string>();
  private toldAt = performance.now();

  constructor(private readonly services: Pick<Services, 'database'>) {}

  /** What became of a delivery is stored. */
  note({ subjectId }: Pick<Delivery, 'subjectId'>): void {
    if (subjectId !== null) this.subjects.add(subjectId);
  }

  /** Tells what was gathered, if it is time to. */
  async tellNowAndThen(): Promise<void> {
    if (performance.now() - this.toldAt >= GATHERED_MS) await this.tell();
  }

  /** Tells what was gathered. */
  async tell(): Promise<void> {
    const ids = [...this.subjects];
    this.subjects = new Set();
    this.toldAt = performance.now();
    if (ids.length === 0) return;
    const { database } = this.services;
    const posts = await database.rows<{ postId: PostId; authorId: ActorId }>(OWN, [ids]);
    if (posts.length === 0) return;
    await database.transaction(async (tx) => {
      for (const post of posts) await tx.append(postDelivered, post);
    });
  }
}
