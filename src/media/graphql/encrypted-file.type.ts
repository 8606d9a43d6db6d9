/** A blob as its owner sees it. */
import { Field, ObjectType } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import {
  Base64BytesScalar,
  BigIntScalar,
  DateTimeScalar,
  UrlScalar,
} from '../../platform/graphql/scalars.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { blobUrl, findBlobs } from '../blobs.js';
import type { MediaId } from '../media.entity.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface } from './media.type.js';

@ObjectType('EncryptedFile', {
  description:
    'A file that a client has encrypted: the server knows how long it is and nothing else. Only its owner sees it here.',
})
export class EncryptedFileType {
  @Field(() => MediaInterface, { description: 'The asset: how far it is on its way.' })
  media!: MediaSource;

  @Field(() => UrlScalar, {
    description:
      'Where everybody who knows the address gets the bytes once they are here, from any server and without a session. To be told inside the encryption only.',
  })
  url!: string;

  @Field(() => BigIntScalar, { description: 'Bytes as they are here; 0 until they have arrived.' })
  sizeBytes!: string;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description: 'SHA-256 of the bytes as they are here; null until they have arrived.',
  })
  sha256!: Buffer | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it is removed; null = it is kept as long as the backup that it belongs to.',
  })
  expiresAt!: Date | null;
}

/** An encrypted file of the viewer; null = there is none. */
export async function encryptedFileOf(
  context: GraphQLContext,
  mediaId: MediaId,
): Promise<EncryptedFileType | null> {
  const [blob] = await findBlobs(context.database, requireViewer(context).actorId, [mediaId]);
  const media = blob && (await load(context, mediaLoader, mediaId));
  return media ? { ...blob, media, url: blobUrl(context, blob) } : null;
}
