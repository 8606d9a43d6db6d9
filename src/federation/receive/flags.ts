/** Flag: the staff or a person of another server reports somebody of ours. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { findDomainPolicy } from '../../actors/domain-rules.queries.js';
import { countRemoteReports, receiveReport } from '../../moderation/receive-report.js';
import type { SubjectId } from '../../moderation/report.js';
import { statement } from '../../platform/db/database.js';
import { isStorable } from '../../platform/storable-text.js';
import { isOurs } from '../addresses.js';
import { idsOf, textOf } from '../internal/read-properties.js';
import { localActorId } from '../local-actor.js';
import { postUriOf } from '../video-channels.js';
import type { Handler, Receiving } from './receiving.js';

/** People that one Flag is about at most, and things that it names. */
const MOST_TARGETS = 5;
const MOST_OBJECTS = 50;

// What never left this server is nothing that another one can have seen.
const OURS = statement(
  'federation.flagged',
  `select id, author_id as "authorId" from posts
   where uri = any($1::text[]) and is_local and deleted_at is null and visibility <> 'LOCAL'
   union all
   select null, id from actors where id = any($2::uuid[]) and domain is null and status not in ('PENDING', 'DELETED')`,
);

interface Flagged {
  readonly id: SubjectId | null;
  readonly authorId: ActorId;
}

/** Each person of ours who is named, or wrote what is named, is reported with what is theirs; all else is left alone. */
export const handleFlag: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const { rejectsReports } = await findDomainPolicy(context.database, [sender.host]);
  if (rejectsReports) return;
  const flagged = await findFlagged(receiving);
  const targets = [...new Set(flagged.map(({ authorId }) => authorId))].slice(0, MOST_TARGETS);
  if (targets.length === 0) return;
  await countRemoteReports(context, sender.host);
  const reporterId = await personBehind(receiving);
  const comment = plainText(textOf(activity.body['content']) ?? '');
  for (const targetId of targets) {
    const own = flagged.filter(({ authorId, id }) => authorId === targetId && id !== null);
    await receiveReport(context, {
      activityUri: activity.id,
      reporterId,
      host: sender.host,
      targetId,
      subjectIds: own.map(({ id }) => id!),
      comment,
    });
  }
};

async function findFlagged({ context, activity }: Receiving): Promise<readonly Flagged[]> {
  const { config, database } = context;
  const uris = [...new Set(idsOf(activity.body['object']))]
    .slice(0, MOST_OBJECTS)
    .map((uri) => postUriOf(uri))
    .filter((uri) => isOurs(config, uri) && isStorable(uri));
  const actorIds = uris.flatMap((uri) => localActorId(config.publicUrl.origin, uri) ?? []);
  return uris.length === 0 ? [] : database.rows<Flagged>(OURS, [uris, actorIds]);
}

/** Most servers report in the name of an actor that stands for all of them, so that nobody is named. */
async function personBehind({ context, sender }: Receiving): Promise<ActorId | null> {
  const [actor] = await findActors(context.database, [sender.actorId]);
  return actor?.kind === 'SERVICE' ? null : sender.actorId;
}

/** Reports are plain text; what looks like markup is taken out. */
function plainText(content: string): string {
  const text = content.replace(/<br\s*\/?>|<\/p>/gi, '\n').replace(/<\/?[a-z][^>]{0,500}>/gi, '');
  return isStorable(text) ? text.trim() : '';
}
