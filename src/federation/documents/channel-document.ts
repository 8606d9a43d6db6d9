/** Channels as PeerTube reads them: a group that belongs to a person. @source PeerTube, `ActivityPubActor` */
import type { ActorRow } from '../../actors/actor.queries.js';
import type { Config } from '../../platform/config.js';
import { keyIdOf, sharedInboxUrl } from '../addresses.js';
import { channelName, channelUri } from '../video-channels.js';
import { followersUri, summaryOf } from './actor-document.js';
import { CONTEXT } from './context.js';
import type { PictureLink } from './picture-link.js';

/** What the document is made of. */
export interface ChannelParts {
  readonly owner: ActorRow;
  readonly publicKeyPem: string;
  readonly icon: PictureLink | null;
}

/** The document. */
export function channelDocument(
  config: Config,
  { owner, publicKeyPem, icon }: ChannelParts,
): object {
  const id = channelUri(owner.uri);
  return {
    '@context': CONTEXT,
    id,
    type: 'Group',
    preferredUsername: channelName(owner),
    name: owner.displayName === '' ? owner.username : owner.displayName,
    summary: summaryOf(owner),
    url: owner.url,
    published: owner.joinedAt.toISOString(),
    attributedTo: [{ type: 'Person', id: owner.uri }],
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    followers: followersUri(id),
    following: `${id}/following`,
    endpoints: { sharedInbox: sharedInboxUrl(config) },
    manuallyApprovesFollowers: false,
    discoverable: owner.isDiscoverable,
    indexable: owner.isIndexable,
    publicKey: { id: keyIdOf(id), owner: id, publicKeyPem },
    ...(icon && { icon: { type: 'Image', mediaType: icon.mimeType, url: icon.url } }),
  };
}
