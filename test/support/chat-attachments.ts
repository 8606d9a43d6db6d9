// Encrypted files of chats, as bare clients send them.
import { createHash } from 'node:crypto';
import type { Ticket } from './upload.js';
import type { Person, World } from './world.js';

const CREATE = `mutation ($input: CreateChatAttachmentInput!) { createChatAttachment(input: $input) {
  attachment { url sizeBytes sha256 expiresAt media { id state } }
  ticket { uploadUrl method protocol maxBytes expiresAt headers { name value } media { id state } }
  userErrors { code path message ... on QuotaError { entitlement } } } }`;

/** An encrypted file as its owner sees it. */
export interface ShownFile {
  readonly url: string;
  readonly sizeBytes: string;
  readonly sha256: string | null;
  readonly expiresAt: string | null;
  readonly media: { readonly id: string; readonly state: string };
}

/** Answer of createChatAttachment. */
export interface DeclaredAttachment {
  readonly attachment: ShownFile | null;
  readonly ticket: Ticket | null;
  readonly userErrors: readonly { code: string; path: string[] | null; entitlement?: string }[];
}

/** Declares an encrypted file; `input` overrides what is derived from the bytes. */
export async function declareAttachment(
  person: Pick<Person, 'graphql'>,
  bytes: Uint8Array,
  input: Record<string, unknown> = {},
): Promise<DeclaredAttachment> {
  const sha256 = createHash('sha256').update(bytes).digest('base64');
  const sizeBytes = String(bytes.length);
  const { data, errors } = await person.graphql<{ createChatAttachment: DeclaredAttachment }>(
    CREATE,
    { input: { sizeBytes, sha256, preferredProtocol: 'PUT', ...input } },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createChatAttachment;
}

/** Sends bytes to the ticket of a declared file. */
export function sendAttachment(
  world: Pick<World, 'reach'>,
  { ticket }: DeclaredAttachment,
  bytes: Uint8Array,
): Promise<Response> {
  return fetch(world.reach(ticket!.uploadUrl), { method: 'PUT', body: new Uint8Array(bytes) });
}

/** An encrypted file of somebody that is there. */
export async function keepAttachment(
  world: Pick<World, 'reach'>,
  person: Pick<Person, 'graphql'>,
  bytes: Uint8Array,
): Promise<ShownFile> {
  const declared = await declareAttachment(person, bytes);
  const sent = await sendAttachment(world, declared, bytes);
  if (sent.status !== 204) throw new Error(`the upload answered ${sent.status}`);
  return declared.attachment!;
}
