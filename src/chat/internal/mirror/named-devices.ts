/** Devices as a hub names them: those of people here they have or not, those of others are asked for. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import type { Services } from '../../../platform/context.js';
import { statement, type Reader } from '../../../platform/db/database.js';
import type { People } from './people.js';
import type { HubDocument } from './read-hub-document.js';
import type { MirrorPlace, NamedDevice } from './read-entry.js';

/** A device that is known, revoked or not. */
export interface FoundDevice {
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
  readonly isLocal: boolean;
}

const FIND = statement(
  'chat_devices.of_keys',
  `select device.id as "deviceId", device.actor_id as "actorId", a.domain is null as "isLocal", a.uri as "actorUri",
     device.signature_key as "signatureKey"
   from unnest($1::text[], $2::bytea[]) as named(uri, key) join actors a on a.uri = named.uri
     join chat_devices device on device.actor_id = a.id and device.signature_key = named.key`,
);

/** Devices by how they are named. */
export class NamedDevices {
  private constructor(private readonly byName: ReadonlyMap<string, FoundDevice>) {}

  /** Those that are known here. */
  static async find(reader: Reader, named: readonly NamedDevice[]): Promise<NamedDevices> {
    if (named.length === 0) return new NamedDevices(new Map());
    const rows = await reader.rows<FoundDevice & NamedDevice>(FIND, [
      named.map(({ actorUri }) => actorUri),
      named.map(({ signatureKey }) => signatureKey),
    ]);
    return new NamedDevices(
      new Map(
        rows.map((row) => {
          const { deviceId, actorId, isLocal } = row;
          return [nameOf(row), { deviceId, actorId, isLocal }];
        }),
      ),
    );
  }

  /** As `find`, and asks the servers of those that are not known. */
  static async meet(
    { database, peers }: Pick<Services, 'database' | 'peers'>,
    named: readonly NamedDevice[],
    people: People,
  ): Promise<NamedDevices> {
    const known = await NamedDevices.find(database, named);
    const missing = known
      .missingOf(named)
      .filter(({ actorUri }) => people.get(actorUri)?.isLocal === false);
    if (missing.length === 0) return known;
    for (const { actorUri, signatureKey } of missing)
      await peers.findDevice(actorUri, signatureKey);
    return NamedDevices.find(database, named);
  }

  /** The device; null when its person does not have it. */
  get(named: NamedDevice): FoundDevice | null {
    return this.byName.get(nameOf(named)) ?? null;
  }

  /** Those of several that are known, each once. */
  all(named: readonly NamedDevice[]): FoundDevice[] {
    const found = named.map((one) => this.get(one)).filter((one) => one !== null);
    return [...new Map(found.map((one) => [one.deviceId, one])).values()];
  }

  /** Those of several that are not known. */
  missingOf(named: readonly NamedDevice[]): NamedDevice[] {
    return named.filter((one) => !this.get(one));
  }
}

/** Every device that places name. */
export function devicesNamedIn(places: readonly MirrorPlace[]): NamedDevice[] {
  return places.flatMap((place) =>
    place.kind === 'EMPTY' ? [] : [place.sender, ...place.added, ...place.removed],
  );
}

/** Every device that a document names. */
export function devicesOfDocument({ devices }: HubDocument): readonly NamedDevice[] {
  return devices;
}

function nameOf({ actorUri, signatureKey }: NamedDevice): string {
  return `${signatureKey.toString('hex')} ${actorUri}`;
}
