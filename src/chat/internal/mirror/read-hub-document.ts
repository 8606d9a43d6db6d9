/** What a hub says of a conversation as it stands. */
import { PUBLIC_KEY_BYTES } from '../../../platform/ed25519.js';
import { MOST_DEVICES } from '../../conversation.js';
import { readDevice, readMembers, type NamedDevice, type NamedMember } from './read-entry.js';
import { addressIn, bytesIn, countIn, isSameOrigin, listIn, objectIn } from './read-json.js';

/** A conversation as its hub describes it. */
export interface HubDocument {
  readonly uri: string;
  readonly groupId: Buffer;
  readonly isGroup: boolean;
  readonly epoch: number;
  readonly sequence: number;
  readonly disappearingSeconds: number | null;
  /** With which what the hub says of messages is checked; null = it does not say. */
  readonly frankingKey: Buffer | null;
  readonly members: readonly NamedMember[];
  readonly devices: readonly (NamedDevice & { readonly isLeaving: boolean })[];
}

const GROUP_ID_BYTES = { least: 16, most: 64 };
const MOST_SECONDS = 365 * 86_400;

/** Reads the document of a conversation that stands at an address; null for anything else. */
export function readHubDocument(value: unknown, uri: string): HubDocument | null {
  const document = objectIn(value);
  const id = addressIn(document?.['id']);
  if (!document || id !== uri || !isSameOrigin(id, uri)) return null;
  const groupId = bytesIn(document['mlsGroupId'], GROUP_ID_BYTES.most);
  const [epoch, sequence] = [countIn(document['epoch']), countIn(document['seq'])];
  if (!groupId || groupId.length < GROUP_ID_BYTES.least || epoch === null || sequence === null)
    return null;
  const seconds = countIn(document['disappearingSeconds']) ?? 0;
  return {
    uri,
    groupId,
    epoch,
    sequence,
    isGroup: document['isGroup'] === true,
    disappearingSeconds: seconds === 0 ? null : Math.min(seconds, MOST_SECONDS),
    frankingKey: bytesIn(document['frankingKey'], PUBLIC_KEY_BYTES),
    members: readMembers(document['members']),
    devices: listIn(document['devices'])
      .slice(0, MOST_DEVICES)
      .flatMap((item) => {
        const device = readDevice(item);
        return device ? [{ ...device, isLeaving: objectIn(item)?.['leaving'] === true }] : [];
      }),
  };
}
