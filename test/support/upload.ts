// Uploading as a client does: declare, send, wait.
import { createHash } from 'node:crypto';
import type { Person, World } from './world.js';

const CREATE = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  ticket { uploadUrl method protocol maxBytes expiresAt headers { name value } media { id state } } userErrors { code path message } } }`;

/** A ticket as GraphQL answers it. */
export interface Ticket {
  readonly uploadUrl: string;
  readonly method: string;
  readonly protocol: string;
  readonly maxBytes: string;
  readonly expiresAt: string;
  readonly headers: { name: string; value: string }[];
  readonly media: { id: string; state: string };
}

/** Answer of createUpload. */
export interface Created {
  readonly ticket: Ticket | null;
  readonly userErrors: { code: string; path: string[] | null; message: string }[];
}

/** Declares a file; `input` overrides what is derived from the bytes. */
export async function declareUpload(
  person: Person,
  bytes: Buffer,
  input: Record<string, unknown> = {},
): Promise<Created> {
  const { data, errors } = await person.graphql<{ createUpload: Created }>(CREATE, {
    input: {
      purpose: 'POST',
      fileName: 'photo.jpg',
      mimeType: 'image/jpeg',
      sizeBytes: String(bytes.length),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...input,
    },
  });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createUpload;
}

/** Sends bytes to a ticket. */
export function sendBytes(world: World, ticket: Ticket, bytes: Buffer): Promise<Response> {
  return fetch(world.reach(ticket.uploadUrl), { method: 'PUT', body: new Uint8Array(bytes) });
}

/** Uploads a picture and waits until it is processed; answers its global id. */
export async function uploadPicture(
  world: World,
  person: Person,
  bytes: Buffer,
  input: Record<string, unknown> = {},
): Promise<string> {
  const { ticket } = await declareUpload(person, bytes, input);
  if (!ticket) throw new Error('no ticket');
  const sent = await sendBytes(world, ticket, bytes);
  if (sent.status !== 204) throw new Error(`upload answered ${sent.status}: ${await sent.text()}`);
  await world.settle();
  return ticket.media.id;
}

/** Uploads a video, waits until all of its renditions are made, and answers its global id. */
export function uploadVideo(
  world: World,
  person: Person,
  bytes: Buffer,
  input: Record<string, unknown> = {},
): Promise<string> {
  const declared = { fileName: 'clip.mp4', mimeType: 'video/mp4', ...input };
  return uploadPicture(world, person, bytes, declared);
}
