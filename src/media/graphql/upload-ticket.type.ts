/** Where bytes go: what createUpload and its like answer with. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { load } from '../../platform/graphql/loader.js';
import { BigIntScalar, DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import type { UploadProtocol, UploadTicket } from '../create-upload.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface } from './media.type.js';

/** GraphQL enum of the protocols. */
export const UploadProtocolEnum = describedEnum<UploadProtocol>(
  'UploadProtocol',
  'How the bytes are sent.',
  {
    PUT: 'All bytes in the body of one PUT request.',
    TUS: 'Resumable, by the tus protocol 1.0.0.',
  },
);

@ObjectType('HttpHeader', { description: 'A header that the client must send.' })
export class HttpHeader {
  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'Value.' })
  value!: string;
}

@ObjectType('UploadTicket', {
  description: 'Where and how to send the bytes. It works once, for this file alone.',
})
export class UploadTicketType {
  @Field(() => MediaInterface, { description: 'The asset that waits for the bytes.' })
  media!: MediaSource;

  @Field(() => UploadProtocolEnum, { description: 'How to send them.' })
  protocol!: UploadProtocol;

  @Field(() => UrlScalar, {
    description: 'Where to send them. The address is the permission: keep it secret.',
  })
  uploadUrl!: string;

  @Field(() => String, {
    description:
      'HTTP method that carries bytes. With TUS the upload exists already: HEAD tells its offset, PATCH sends on.',
  })
  method!: string;

  @Field(() => [HttpHeader], { description: 'Headers to send.' })
  headers!: HttpHeader[];

  @Field(() => Int, {
    nullable: true,
    description: 'Bytes to send per PATCH with TUS, so that proxies let them pass; null with PUT.',
  })
  partSizeBytes!: number | null;

  @Field(() => BigIntScalar, { description: 'Bytes that are taken at most: those declared.' })
  maxBytes!: bigint;

  @Field(() => DateTimeScalar, { description: 'When the ticket ends.' })
  expiresAt!: Date;
}

/** A ticket as an idempotency key remembers it: plain JSON. */
export interface PlainTicket extends Omit<UploadTicket, 'maxBytes' | 'expiresAt'> {
  readonly maxBytes: string;
  readonly expiresAt: string;
}

/** What is remembered of a ticket. */
export function plainTicket(ticket: UploadTicket): PlainTicket {
  return {
    ...ticket,
    maxBytes: ticket.maxBytes.toString(),
    expiresAt: ticket.expiresAt.toISOString(),
  };
}

const TUS_HEADERS: HttpHeader[] = [{ name: 'Tus-Resumable', value: '1.0.0' }];

/** Small enough for the body limits of most proxies, large enough to waste little. */
const PART_BYTES = 8 * 2 ** 20;

/** A ticket as the client gets it; null when its asset is gone. */
export async function presentTicket(
  context: GraphQLContext,
  ticket: PlainTicket,
  mimeType: string,
): Promise<UploadTicketType | null> {
  const media = await load(context, mediaLoader, ticket.mediaId);
  if (!media) return null;
  const base = ticket.protocol === 'PUT' ? '/uploads/' : '/uploads/tus/';
  return {
    media,
    protocol: ticket.protocol,
    uploadUrl: new URL(`${base}${ticket.token}`, context.config.uploadUrl).href,
    method: ticket.protocol === 'PUT' ? 'PUT' : 'PATCH',
    headers: ticket.protocol === 'PUT' ? [{ name: 'Content-Type', value: mimeType }] : TUS_HEADERS,
    partSizeBytes: ticket.protocol === 'PUT' ? null : PART_BYTES,
    maxBytes: BigInt(ticket.maxBytes),
    expiresAt: new Date(ticket.expiresAt),
  };
}
