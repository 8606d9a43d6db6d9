/** What a hub says stands at a place of a conversation. */
import {
  CHAT_MESSAGE_KINDS,
  CIPHERTEXT_BYTES,
  CONVERSATION_ROLES,
  HANDSHAKE_BYTES,
  MOST_DEVICES,
  MOST_ENCRYPTED_MEMBERS,
  type ChatMessageKind,
  type ConversationRole,
} from '../../conversation.js';
import { FRANK_BYTES } from '../../franking.js';
import {
  addressIn,
  bytesIn,
  countIn,
  listIn,
  momentIn,
  objectIn,
  textIn,
  type Json,
} from './read-json.js';

/** A device as servers name it to each other. */
export interface NamedDevice {
  readonly actorUri: string;
  readonly signatureKey: Buffer;
}

/** Whoever sent something, and with which device. */
export interface NamedSender extends Omit<NamedDevice, 'signatureKey'> {
  /** Null for a device that is gone with its person. */
  readonly signatureKey: Buffer | null;
}

/** Somebody who takes part. */
export interface NamedMember {
  readonly actorUri: string;
  readonly role: ConversationRole;
}

/** Something encrypted at its place. */
export interface MirrorEntry {
  readonly sequence: number;
  readonly epoch: number;
  readonly kind: Exclude<ChatMessageKind, 'PLAINTEXT'>;
  /** Null where whoever reads it has the bytes. */
  readonly content: Buffer | null;
  readonly sentAt: Date | null;
  readonly expiresAt: Date | null;
  readonly sender: NamedSender;
  /** What the hub says of it, for who reports it; null = nothing. */
  readonly frank: Buffer | null;
  /** Null for whoever is of another server. */
  readonly clientMessageId: string | null;
  /** Devices that a commit lets in and takes out. */
  readonly added: readonly NamedDevice[];
  readonly removed: readonly NamedDevice[];
  /** Everybody who takes part after a commit; null = as before. */
  readonly members: readonly NamedMember[] | null;
}

/** A place with nothing for anybody here. */
export interface EmptyPlace {
  readonly sequence: number;
  readonly kind: 'EMPTY';
}

/** Either. */
export type MirrorPlace = MirrorEntry | EmptyPlace;

const KEY_BYTES = 32;
const CLIENT_ID_LENGTH = 128;

/** Reads a `Create` of something encrypted, or a `Tombstone`; null for anything else. */
export function readPlace(value: unknown, conversationUri: string): MirrorPlace | null {
  const activity = objectIn(value);
  if (!activity) return null;
  if (listIn(activity['type']).includes('Tombstone')) {
    const sequence = countIn(activity['seq']);
    return sequence === null ? null : { sequence, kind: 'EMPTY' };
  }
  const object = objectIn(activity['object']);
  if (
    !object ||
    activity['actor'] !== conversationUri ||
    object['conversation'] !== conversationUri
  )
    return null;
  return readEntry(object);
}

function readEntry(object: Json): MirrorEntry | null {
  const [sequence, epoch] = [countIn(object['seq']), countIn(object['epoch'])];
  const kind = kindIn(object['kind']);
  const sender = readSender(object['sender']);
  if (sequence === null || sequence === 0 || epoch === null || !kind || !sender) return null;
  const isHandshake = kind === 'COMMIT' || kind === 'WELCOME';
  const content = bytesIn(object['content'], isHandshake ? HANDSHAKE_BYTES : CIPHERTEXT_BYTES);
  if (content === null && object['content'] !== undefined) return null;
  return {
    sequence,
    epoch,
    kind,
    content,
    sentAt: momentIn(object['published']),
    expiresAt: momentIn(object['expires']),
    sender,
    frank: bytesIn(object['frank'], FRANK_BYTES),
    clientMessageId: textIn(objectIn(object['sender'])?.['clientMessageId'], CLIENT_ID_LENGTH),
    added: readDevices(object['added']),
    removed: readDevices(object['removed']),
    members: object['members'] === undefined ? null : readMembers(object['members']),
  };
}

function kindIn(value: unknown): MirrorEntry['kind'] | null {
  if (typeof value !== 'string' || value === 'PLAINTEXT') return null;
  return Object.hasOwn(CHAT_MESSAGE_KINDS, value) ? (value as MirrorEntry['kind']) : null;
}

/** Reads how a device is named; null for anything else. */
export function readDevice(value: unknown): NamedDevice | null {
  const device = objectIn(value);
  const actorUri = addressIn(device?.['actor']);
  const signatureKey = bytesIn(device?.['signatureKey'], KEY_BYTES);
  return actorUri !== null && signatureKey?.length === KEY_BYTES
    ? { actorUri, signatureKey }
    : null;
}

function readSender(value: unknown): NamedSender | null {
  const sender = objectIn(value);
  const actorUri = addressIn(sender?.['actor']);
  const isKeyless = sender !== null && sender['signatureKey'] === undefined;
  return isKeyless && actorUri !== null ? { actorUri, signatureKey: null } : readDevice(value);
}

function readDevices(value: unknown): NamedDevice[] {
  return listIn(value)
    .slice(0, MOST_DEVICES)
    .map(readDevice)
    .filter((device) => device !== null);
}

/** Reads who takes part; what is nobody is left out. */
export function readMembers(value: unknown): NamedMember[] {
  return listIn(value)
    .slice(0, MOST_ENCRYPTED_MEMBERS)
    .flatMap((item) => {
      const member = objectIn(item);
      const actorUri = addressIn(member?.['actor']);
      const role = member?.['role'];
      const isRole = typeof role === 'string' && Object.hasOwn(CONVERSATION_ROLES, role);
      return actorUri !== null && isRole ? [{ actorUri, role: role as ConversationRole }] : [];
    });
}
