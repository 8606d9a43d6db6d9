/** By which name keys are attested. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { KeyOwner } from './key-facts.js';

const URI = statement('chat_devices.owner_uri', 'select uri from actors where id = $1');

/** An actor of here with its URI. */
export async function ownerOf(reader: Reader, actorId: ActorId): Promise<KeyOwner> {
  const { uri } = (await reader.row<{ uri: string }>(URI, [actorId]))!;
  return { actorId, actorUri: uri };
}
