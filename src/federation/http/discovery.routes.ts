/** How other servers find this one and who is on it: WebFinger, host-meta, NodeInfo, the actor of the server. */
import { Router } from 'express';
import { instanceSettings } from '../../accounts/instance-settings.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { SOFTWARE } from '../../platform/software.js';
import { instanceActorUri, originOf } from '../addresses.js';
import { instanceActorDocument } from '../documents/actor-document.js';
import { findLocalActor, findLocalActorByName, localActorId } from '../local-actor.js';
import { instanceKey } from '../signing-keys.js';
import { refuse, refuseMissing, sendDocument, sendJson } from './answers.js';

const JRD = 'application/jrd+json; charset=utf-8';
const NODE_INFO =
  'application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"; charset=utf-8';
const ACCOUNT = /^acct:@?([^@]+)@([^@]+)$/i;

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

/** Routes of discovery; to be mounted at the root. */
export function discoveryRoutes(services: Services): Router {
  const { origin } = services.config.publicUrl;
  const router = Router();
  router.get('/.well-known/webfinger', async (request, response) => {
    const resource = request.query['resource'];
    if (typeof resource !== 'string') {
      refuse(services, response, 400, { code: 'BAD_REQUEST', message: 'Name one resource.' });
      return;
    }
    const found = await findResource(services, resource);
    if (found) sendJson(response, JRD, found);
    else refuseMissing(services, response);
  });
  router.get('/.well-known/host-meta', (_request, response) => {
    const template = `${origin}/.well-known/webfinger?resource={uri}`;
    response.set('Content-Type', 'application/xrd+xml; charset=utf-8').send(
      `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="${template}"/></XRD>\n`,
    );
  });
  router.get('/.well-known/nodeinfo', (_request, response) => {
    const links = [
      { rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1', href: `${origin}/nodeinfo/2.1` },
    ];
    sendJson(response, 'application/json; charset=utf-8', { links });
  });
  router.get('/nodeinfo/2.1', async (_request, response) => {
    sendJson(response, NODE_INFO, await nodeInfo(services));
  });
  router.get('/actor', async (_request, response) => {
    const { publicKeyPem } = await instanceKey(services);
    sendDocument(response, instanceActorDocument(services.config, publicKeyPem));
  });
  return router;
}

/** Who is meant by an `acct:` address, or by the address of an actor or of its page. */
async function findResource(services: Services, resource: string): Promise<object | null> {
  const { config, database } = services;
  const { host, origin } = config.publicUrl;
  const [, name, domain] = ACCOUNT.exec(resource) ?? [];
  if (name === undefined && originOf(resource) !== origin) return null;
  if (name !== undefined && domain?.toLowerCase() !== host) return null;
  if (name?.toLowerCase() === host || resource === instanceActorUri(config))
    return describe(host, host, instanceActorUri(config), `${origin}/`);
  const id = localActorId(origin, resource);
  const page = resource.startsWith(`${origin}/@`) ? resource.slice(`${origin}/@`.length) : null;
  const actor = id
    ? await findLocalActor(database, id)
    : await findLocalActorByName(database, name ?? page ?? '');
  return actor && describe(actor.username, host, actor.uri, actor.url);
}

function describe(username: string, host: string, uri: string, page: string): object {
  return {
    subject: `acct:${username}@${host}`,
    aliases: [...new Set([page, uri])],
    links: [
      { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: page },
      { rel: 'self', type: 'application/activity+json', href: uri },
    ],
  };
}

/** @source NodeInfo 2.1 */
async function nodeInfo({ database, config, clock }: Services): Promise<object> {
  const [settings, usage] = await Promise.all([
    instanceSettings(database, config),
    database.row<Usage>(USAGE, [clock.now()]),
  ]);
  const { total = 0, activeHalfyear = 0, activeMonth = 0, posts = 0 } = usage ?? {};
  return {
    version: '2.1',
    software: SOFTWARE,
    protocols: ['activitypub'],
    services: { inbound: [], outbound: [] },
    openRegistrations: ['OPEN', 'APPROVAL'].includes(settings.registrationMode),
    usage: { users: { total, activeHalfyear, activeMonth }, localPosts: posts },
    metadata: { nodeName: settings.name, nodeDescription: settings.description },
  };
}
