/** Keys of people in a group, for the others in it: whoever reads with them has to know whose devices they are, block or not. */
import { statement, type Reader } from '../platform/db/database.js';
import type { ActorId } from '../actors/actor.entity.js';

/** A device of somebody in a group, without what tells of its person. */
export interface MemberDeviceRow {
  readonly signatureKey: Buffer;
  /** Null when its server showed none. */
  readonly attestation: Buffer | null;
  readonly attestedAt: Date | null;
}

/** The identity of somebody in a group, and their valid devices. */
export interface MemberKeysRow {
  readonly identityKey: Buffer;
  readonly identityVersion: number;
  readonly devices: readonly MemberDeviceRow[];
}

/** Which person in which conversation. */
export interface MemberKeysChoice {
  readonly conversationId: string;
  readonly actorUri: string;
}

// Both have to be in the group with a device, so nobody learns anything of people with whom they share none.
const isIn = (actor: string): string =>
  `exists (select from conversation_devices stay where stay.conversation_id = listed.conversation_id
     and stay.actor_id = ${actor} and stay.removed_epoch is null)`;
const OF_MEMBERS = statement(
  'chat_identities.of_members',
  `select listed.place::int as place, identity.public_key as "identityKey", identity.version as "identityVersion",
     device.signature_key as "signatureKey", device.attestation, device.attested_at as "attestedAt"
   from unnest($1::uuid[], $2::text[]) with ordinality as listed(conversation_id, uri, place)
     join actors member on member.uri = listed.uri and ${isIn('member.id')} and ${isIn('$3')}
     join chat_identities identity on identity.actor_id = member.id
     join chat_devices device on device.actor_id = member.id and device.revoked_at is null
   order by listed.place, device.id`,
);

type Row = Omit<MemberKeysRow, 'devices'> & MemberDeviceRow & { readonly place: number };

/** In the order of the choices; null where the viewer, or the other, is not in the group, or has no keys. */
export async function findMemberKeys(
  reader: Reader,
  choices: readonly MemberKeysChoice[],
  viewerId: ActorId,
): Promise<(MemberKeysRow | null)[]> {
  const rows = await reader.rows<Row>(OF_MEMBERS, [
    choices.map(({ conversationId }) => conversationId),
    choices.map(({ actorUri }) => actorUri),
    viewerId,
  ]);
  const byPlace = Map.groupBy(rows, ({ place }) => place);
  return choices.map((_choice, index) => {
    const devices = byPlace.get(index + 1);
    if (!devices?.[0]) return null;
    const { identityKey, identityVersion } = devices[0];
    return { identityKey, identityVersion, devices };
  });
}
