/** What this server is and how many people use it. @source NodeInfo 2.0 and 2.1 */
import { Router } from 'express';
import { instanceSettings } from '../../accounts/instance-settings.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { SOFTWARE } from '../../platform/software.js';
import { sendJson } from './answers.js';

/** The newest first: some servers read only the first one. */
const VERSIONS = ['2.1', '2.0'] as const;
const SCHEMA = 'http://nodeinfo.diaspora.software/ns/schema/';

const USAGE = statement(
  'federation.usage',
  `select count(*) filter (where a.state = 'ACTIVE')::int as total,
     count(*) filter (where a.state = 'ACTIVE' and exists (select from sessions s
       where s.account_id = a.id and s.last_used_at > $1::timestamptz - interval '180 days'))::int as "activeHalfyear",
     count(*) filter (where a.state = 'ACTIVE' and exists (select from sessions s
       where s.account_id = a.id and s.last_used_at > $1::timestamptz - interval '30 days'))::int as "activeMonth",
     (select coalesce(sum(c.posts), 0)::int from actor_counts c join actors o on o.id = c.actor_id
       where o.domain is null) as posts
   from accounts a`,
);

interface Usage {
  readonly total: number;
  readonly activeHalfyear: number;
  readonly activeMonth: number;
  readonly posts: number;
}

/** Routes of NodeInfo; to be mounted at the root. */
export function nodeInfoRoutes(services: Services): Router {
  const { origin } = services.config.publicUrl;
  const router = Router();
  const links = VERSIONS.map((version) => ({
    rel: SCHEMA + version,
    href: `${origin}/nodeinfo/${version}`,
  }));
  router.get('/.well-known/nodeinfo', (_request, response) =>
    sendJson(response, 'application/json; charset=utf-8', { links }),
  );
  for (const version of VERSIONS)
    router.get(`/nodeinfo/${version}`, async (_request, response) => {
      const type = `application/json; profile="${SCHEMA}${version}#"; charset=utf-8`;
      sendJson(response, type, { version, ...(await nodeInfo(services)) });
    });
  return router;
}

async function nodeInfo({ database, config, clock }: Services): Promise<object> {
  const [settings, usage] = await Promise.all([
    instanceSettings(database, config),
    database.row<Usage>(USAGE, [clock.now()]),
  ]);
  const { total = 0, activeHalfyear = 0, activeMonth = 0, posts = 0 } = usage ?? {};
  return {
    software: SOFTWARE,
    protocols: ['activitypub'],
    services: { inbound: [], outbound: [] },
    openRegistrations: ['OPEN', 'APPROVAL'].includes(settings.registrationMode),
    usage: { users: { total, activeHalfyear, activeMonth }, localPosts: posts },
    metadata: { nodeName: settings.name, nodeDescription: settings.description },
  };
}
