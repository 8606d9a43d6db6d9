/** Reacting to a post or comment: one emoji per person. */
import { readShortcode, writeEmojiName } from '../emojis/emoji.js';
import { requireUsableEmoji } from '../emojis/require-emoji.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import type { ActorId } from '../actors/actor.entity.js';
import { countReaction } from './internal/count-reactions.js';
import type { CommentId, PostId } from './post.entity.js';
import { reactionSet } from './posts.events.js';
import { requireReaction } from './reaction-content.js';
import { lockSubject, requireSeen } from './seen-subject.js';

const CURRENT = statement(
  'reactions.current',
  'select content from reactions where post_id = $1 and actor_id = $2',
);
const SET = statement(
  'reactions.set',
  `insert into reactions (post_id, actor_id, id, content, created_at) values ($1, $2, $3, $4, $5)
   on conflict (post_id, actor_id) do update
     set id = excluded.id, content = excluded.content, created_at = excluded.created_at`,
);
const REMOVE = statement(
  'reactions.remove',
  'delete from reactions where post_id = $1 and actor_id = $2',
);

/**
 * Sets, changes or (null) removes the viewer's reaction. Setting what is set already leaves no trace. A reaction can be
 * removed when its subject is not seen any more.
 *
 * Opens its own transaction.
 *
 * @param input.content one emoji in any spelling, or a custom one of the viewer's server as `:shortcode:`; ❤ is a like
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for anything but one emoji, and for a custom one that cannot be used
 */
export async function setReaction(
  context: CommandContext,
  input: { subjectId: PostId | CommentId; content: string | null },
): Promise<void> {
  const viewer = requireActing(context);
  const written = input.content === null ? null : requireReaction(input.content);
  const { subjectId } = input;
  await context.database.transaction(async (tx) => {
    const subject = await lockSubject(tx, viewer, subjectId, ['subjectId']);
    const before =
      (await tx.row<{ content: string }>(CURRENT, [subjectId, viewer.actorId]))?.content ?? null;
    if (written !== null || before === null) requireSeen(viewer, subject, ['subjectId']);
    if (before === written) return;
    const content = written === null ? null : await nameReaction(tx, viewer.actorId, written);
    if (before === content) return;
    await store(tx, subjectId, viewer.actorId, content, context.clock.now());
    await countReaction(tx, subjectId, before, content);
    await tx.append(reactionSet, {
      subjectId,
      postId: (subject.root ?? subject).id as PostId,
      isSubjectLocal: subject.isLocal,
      subjectAuthorId: subject.authorId,
      actorId: viewer.actorId,
      content,
    });
  });
}

/** As it is stored: with the name of the other server, where somebody there means an emoji of theirs. */
async function nameReaction(tx: Transaction, actorId: ActorId, written: string): Promise<string> {
  const shortcode = readShortcode(written);
  if (shortcode === null) return written;
  return writeEmojiName(await requireUsableEmoji(tx, actorId, shortcode, ['content']));
}

async function store(
  tx: Transaction,
  subjectId: PostId | CommentId,
  actorId: ActorId,
  content: string | null,
  now: Date,
): Promise<void> {
  if (content === null) await tx.rows(REMOVE, [subjectId, actorId]);
  else await tx.rows(SET, [subjectId, actorId, newId<'reaction'>(now), content, now]);
}
