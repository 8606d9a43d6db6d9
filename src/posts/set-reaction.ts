/** Reacting to a post or comment: one emoji per person. */
import { readShortcode, writeEmojiName } from '../emojis/emoji.js';
import { requireUsableEmoji } from '../emojis/require-emoji.js';
import type { CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { statementForMany } from '../platform/db/for-many.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import type { ActorId } from '../actors/actor.entity.js';
import { countReaction } from './internal/count-reactions.js';
import type { CommentId, PostId } from './post.entity.js';
import { reactionSet } from './posts.events.js';
import { requireReaction } from './reaction-content.js';
import { lockSubject, requireSeen } from './seen-subject.js';

const CURRENT = statementForMany(
  'reactions.current',
  `select asked.place, r.content from jsonb_to_recordset($1::jsonb) as asked(place int, "subjectId" uuid, "actorId" uuid)
     join reactions r on r.post_id = asked."subjectId" and r.actor_id = asked."actorId"`,
);
const SET = statementForMany(
  'reactions.set',
  `insert into reactions (post_id, actor_id, id, content, created_at)
   select "subjectId", "actorId", id, content, now
   from jsonb_to_recordset($1::jsonb) as asked("subjectId" uuid, "actorId" uuid, id uuid, content text, now timestamptz)
   on conflict (post_id, actor_id) do update
     set id = excluded.id, content = excluded.content, created_at = excluded.created_at`,
);
const REMOVE = statementForMany(
  'reactions.remove',
  `delete from reactions r using jsonb_to_recordset($1::jsonb) as asked("subjectId" uuid, "actorId" uuid)
   where r.post_id = asked."subjectId" and r.actor_id = asked."actorId"`,
);

/**
 * Sets, changes or (null) removes the viewer's reaction. Setting what is set already leaves no trace. A reaction can be
 * removed when its subject is not seen any more.
 *
 * Opens its own transaction.
 *
 * @param input.content one emoji in any spelling, or a custom one of the viewer's server as `:shortcode:`; ❤ is a like
 * @param input.isMeant whether the present reaction is the one to be removed, where there is any; absent = whichever it is
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for anything but one emoji, and for a custom one that cannot be used
 */
export async function setReaction(
  context: CommandContext,
  input: {
    subjectId: PostId | CommentId;
    content: string | null;
    isMeant?: (present: string) => boolean;
  },
): Promise<void> {
  const viewer = requireActing(context);
  const written = input.content === null ? null : requireReaction(input.content);
  const { subjectId } = input;
  await context.database.transaction(async (tx) => {
    const subject = await lockSubject(tx, viewer, subjectId, ['subjectId']);
    const before = await currentReaction(tx, subjectId, viewer.actorId);
    if (before === null && input.isMeant) return;
    if (written !== null || before === null) requireSeen(viewer, subject, ['subjectId']);
    if (before === written || (before !== null && input.isMeant?.(before) === false)) return;
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

async function currentReaction(
  tx: Transaction,
  subjectId: PostId | CommentId,
  actorId: ActorId,
): Promise<string | null> {
  const [current] = await tx.ask<{ content: string }>(CURRENT, { subjectId, actorId });
  return current?.content ?? null;
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
  if (content === null) await tx.ask(REMOVE, { subjectId, actorId });
  else await tx.ask(SET, { subjectId, actorId, id: newId<'reaction'>(now), content, now });
}
