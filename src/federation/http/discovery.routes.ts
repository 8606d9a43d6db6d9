/** How other servers find this one and who is on it: WebFinger, host-meta, the actor of the server. */
import { Router } from 'express';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { Config } from '../../platform/config.js';
import type { Services } from '../../platform/context.js';
import { instanceActorUri, originOf } from '../addresses.js';
import { instanceActorDocument } from '../documents/actor-document.js';
import type { PictureLink } from '../documents/picture-link.js';
import { avatarOf, findLocalActor, findLocalActorByName, localActorId } from '../local-actor.js';
import { instanceKey } from '../signing-keys.js';
import {
  channelName,
  channelUri,
  findChannelOwner,
  hasChannel,
  ownerNameOf,
} from '../video-channels.js';
import { refuse, refuseMissing, sendDocument, sendJson } from './answers.js';

const JRD = 'application/jrd+json; charset=utf-8';
const ACCOUNT = /^acct:@?([^@]+)@([^@]+)$/i;

/** Routes of discovery; to be mounted at the root. */
export function discoveryRoutes(services: Services): Router {
  const { origin } = services.config.publicUrl;
  const template = `${origin}/.well-known/webfinger?resource={uri}`;
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
    response.set('Content-Type', 'application/xrd+xml; charset=utf-8').send(
      `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" type="application/jrd+json" template="${template}"/></XRD>\n`,
    );
  });
  router.get('/.well-known/host-meta.json', (_request, response) => {
    sendJson(response, 'application/json; charset=utf-8', {
      links: [{ rel: 'lrdd', type: 'application/jrd+json', template }],
    });
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
    return nameActor(`${host}@${host}`, instanceActorUri(config), `${origin}/`);
  const owner = await findOwner(services, resource, name);
  if (owner) {
    const named = { username: channelName(owner), uri: channelUri(owner.uri), url: owner.url };
    return describe(config, named, await avatarOf(services, owner));
  }
  const id = localActorId(origin, resource);
  const page = resource.startsWith(`${origin}/@`) ? resource.slice(`${origin}/@`.length) : null;
  const actor = id
    ? await findLocalActor(database, id)
    : await findLocalActorByName(database, name ?? page ?? '');
  return actor && describe(config, actor, await avatarOf(services, actor));
}

/** Whose channel is meant; null when none is. */
async function findOwner(
  { config, database }: Services,
  resource: string,
  name: string | undefined,
): Promise<ActorRow | null> {
  const ownerName = name === undefined ? null : ownerNameOf(name.toLowerCase());
  if (ownerName === null) return findChannelOwner(database, config.publicUrl.origin, resource);
  const owner = await findLocalActorByName(database, ownerName);
  return owner && (await hasChannel(database, owner)) ? owner : null;
}

/** A local actor: what they are called, their page, their document, their picture, and where others begin to follow. */
function describe(
  config: Config,
  { username, uri, url }: Pick<ActorRow, 'username' | 'uri' | 'url'>,
  avatar: PictureLink | null,
): object {
  const { host, origin } = config.publicUrl;
  const { links, ...named } = nameActor(`${username}@${host}`, uri, url);
  const template = `${origin}/authorize_interaction?uri={uri}`;
  return {
    ...named,
    links: [
      ...links,
      ...(avatar
        ? [{ rel: 'http://webfinger.net/rel/avatar', type: avatar.mimeType, href: avatar.url }]
        : []),
      { rel: 'http://ostatus.org/schema/1.0/subscribe', template },
    ],
  };
}

function nameActor(handle: string, uri: string, page: string) {
  return {
    subject: `acct:${handle}`,
    aliases: [...new Set([page, uri])],
    links: [
      { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: page },
      { rel: 'self', type: 'application/activity+json', href: uri },
    ],
  };
}
