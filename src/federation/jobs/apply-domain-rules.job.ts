/** Makes what is stored of other servers what the rules about them say, piece by piece. */
import type { ActorId } from '../../actors/actor.entity.js';
import { endSomeRelations } from '../../actors/end-relations.js';
import { followDomainRules } from '../../actors/set-actor-status.js';
import { releaseSomeRemoteEmojis } from '../../emojis/release-remote-emojis.js';
import { releaseSomeMedia } from '../../media/release-all.js';
import type { JobContext } from '../../platform/context.js';
import { LOWEST_ID } from '../../platform/db/both-ways.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

const PIECE = 200;

// Names that contain the domain are few; which of them lie under it is looked at only then.
const NEXT = statement(
  'domain_rules.next_actors',
  `select a.id from actors a left join remote_actors r on r.actor_id = a.id
   where a.domain is not null and a.id > $1::uuid and ($2::text is null
     or strpos(a.domain, $2) > 0 and $2 = any(domain_with_parents(a.domain))
     or strpos(r.host, $2) > 0 and $2 = any(domain_with_parents(r.host)))
   order by a.id limit ${PIECE}`,
);
const EFFECTS = statement(
  'domain_rules.effects',
  `select a.id, a.domain_severity = 'SUSPEND' as "isBarred", policy.rejects_media as "rejectsMedia"
   from actors a cross join lateral domain_policy(actor_hosts(a.id, a.domain)) policy where a.id = any($1::uuid[])
     and (a.domain_severity = 'SUSPEND' or policy.rejects_media)`,
);

interface Effect {
  readonly id: ActorId;
  readonly isBarred: boolean;
  readonly rejectsMedia: boolean;
}

/** Every piece is a transaction of its own: a run that was cut off is done by the next, from the start. */
export const applyDomainRules = defineJob<{ domain: string | null }>(
  'applyDomainRules',
  async (context, { domain }) => {
    let after = LOWEST_ID;
    for (;;) {
      const rows = await context.database.rows<{ id: ActorId }>(NEXT, [after, domain]);
      if (rows.length === 0) break;
      const ids = rows.map(({ id }) => id);
      await context.database.transaction((tx) => followDomainRules(tx, ids, context.clock.now()));
      for (const effect of await context.database.rows<Effect>(EFFECTS, [ids]))
        await takeEffect(context, effect);
      after = ids.at(-1)!;
    }
    while ((await releaseSomeRemoteEmojis(context, domain)) > 0);
  },
  { queueOf: () => 'domain rules' },
);

async function takeEffect(
  context: JobContext,
  { id, isBarred, rejectsMedia }: Effect,
): Promise<void> {
  if (isBarred) while ((await endSomeRelations(context, id)) > 0);
  if (rejectsMedia) while ((await releaseSomeMedia(context, id)) > 0);
}
