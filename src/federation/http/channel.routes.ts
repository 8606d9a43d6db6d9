/** The channels of people who publish videos, to PeerTube and whoever else asks for ActivityStreams. */
import { Router, type Request, type Response } from 'express';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import { channelDocument } from '../documents/channel-document.js';
import { embedded } from '../documents/said.js';
import { announceVideo } from '../documents/video-document.js';
import { avatarOf } from '../local-actor.js';
import { signingKeyOf } from '../signing-keys.js';
import {
  channelUri,
  countChannelFollowers,
  findChannelOwner,
  findChannelVideos,
} from '../video-channels.js';
import { answerCollection, type CollectionSource } from './answer-collection.js';
import { refuseMissing, sendDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of channels; to be mounted at the root. */
export function channelRoutes(services: Services, gate: FetchGate): Router {
  const { database, config } = services;
  const router = Router();
  const find = (request: Request): Promise<ActorRow | null> => {
    const { origin } = config.publicUrl;
    const uri = channelUri(`${origin}/actors/${String(request.params['id'])}`);
    return findChannelOwner(database, origin, uri);
  };
  // Its key is in it, so it is given to everybody, as keys are.
  router.get('/actors/:id/channel', async (request: Request, response: Response) => {
    const owner = await find(request);
    if (!owner) return refuseMissing(services, response);
    const [{ publicKeyPem }, icon] = await Promise.all([
      signingKeyOf(services, { uri: owner.uri, actorId: owner.id }),
      avatarOf(services, owner),
    ]);
    sendDocument(response, channelDocument(config, { owner, publicKeyPem, icon }));
  });
  const serve = (
    name: string,
    source: (owner: ActorRow) => Omit<CollectionSource, 'uri'>,
  ): void => {
    router.get(`/actors/:id/channel/${name}`, async (request: Request, response: Response) => {
      const owner = await find(request);
      if (!owner) return refuseMissing(services, response);
      if (!(await gate.admitTo(owner.id, request, response))) return;
      const uri = `${channelUri(owner.uri)}/${name}`;
      await answerCollection(services, request, response, { uri, ...source(owner) });
    });
  };
  serve('outbox', (owner) => ({
    countAll: () => null,
    findPage: async (asked) => {
      const page = await findChannelVideos(database, owner.id, asked);
      const toMember = (video: (typeof page.rows)[number]) => ({
        key: video.id,
        item: embedded(announceVideo(owner.uri, video)),
      });
      return { ...page, rows: page.rows.map(toMember) };
    },
  }));
  serve('followers', (owner) => ({
    countAll: () => (owner.hidesFollowLists ? null : countChannelFollowers(database, owner.id)),
    findPage: null,
  }));
  serve('following', () => ({ countAll: () => 0, findPage: null }));
  return router;
}
