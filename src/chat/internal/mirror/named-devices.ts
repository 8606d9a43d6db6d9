/** Devices as a hub names them: those of people here they have or not, those of others are asked for. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import type { Services } from '../../../platform/context.js';
import { statement, type Reader } from '../../../platform/db/database.js';
import { RateLimited } from '../../../platform/errors.js';
import { siteOf } from '../../../platform/site-of.js';
import { AskedInVain } from './asked-in-vain.js';
import type { People } from './people.js';
import type { HubDocument } from './read-hub-document.js';
import type { MirrorPlace, NamedDevice, NamedSender } from './read-entry.js';

/** A device that is known, revoked or not. */
export interface FoundDevice {
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
  readonly isLocal: boolean;
}

/** Whose devices servers of one domain make us ask others for. */
const ASKING = { name: 'mirror_devices', points: 1200, windowSeconds: 3600, failsClosed: true };

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

  /**
   * As `find`, and asks the servers of those that are not known; what is not to be had is asked for more and more rarely.
   *
   * @throws {RateLimited} RATE_LIMITED for devices of more than 1,200 people in an hour because of the hubs of one domain
   */
  static async meet(
    services: Pick<Services, 'database' | 'peers' | 'rateLimiter' | 'clock'>,
    named: readonly NamedDevice[],
    people: People,
    hubOrigin: string,
  ): Promise<NamedDevices> {
    const { database, peers, rateLimiter, clock } = services;
    const known = await NamedDevices.find(database, named);
    const inVain = AskedInVain.of(services);
    const now = clock.now();
    const missing = known
      .askableOf(named, people)
      .filter((device) => inVain.mayAsk(nameOf(device), now));
    if (missing.length === 0) return known;
    const owners = new Set(missing.map(({ actorUri }) => actorUri));
    const site = siteOf(new URL(hubOrigin).host);
    const { isExceeded, resetSeconds } = await rateLimiter.charge(ASKING, site, owners.size);
    if (isExceeded) throw new RateLimited(resetSeconds);
    for (const device of missing) {
      const id = await peers.findDevice(device.actorUri, device.signatureKey);
      inVain.keep(nameOf(device), id !== null, now);
    }
    return NamedDevices.find(database, named);
  }

  /** The device; null when its person does not have it. */
  get({ actorUri, signatureKey }: NamedSender): FoundDevice | null {
    return (signatureKey && this.byName.get(nameOf({ actorUri, signatureKey }))) ?? null;
  }

  /** Those of several that are known, each once. */
  all(named: readonly NamedDevice[]): FoundDevice[] {
    const found = named.map((one) => this.get(one)).filter((one) => one !== null);
    return [...new Map(found.map((one) => [one.deviceId, one])).values()];
  }

  /** Those of several that are not known, and of which somebody's server can be asked. */
  askableOf(named: readonly NamedDevice[], people: People): NamedDevice[] {
    return named.filter((one) => {
      const owner = people.get(one.actorUri);
      return !this.get(one) && owner !== undefined && !owner.isLocal && !owner.isDeleted;
    });
  }
}

/** Every device that places name. */
export function devicesNamedIn(places: readonly MirrorPlace[]): NamedDevice[] {
  return places.flatMap((place) => {
    if (place.kind === 'EMPTY') return [];
    const { actorUri, signatureKey } = place.sender;
    const sender = signatureKey ? [{ actorUri, signatureKey }] : [];
    return [...sender, ...place.added, ...place.removed];
  });
}

/** Every device that a document names. */
export function devicesOfDocument({ devices }: HubDocument): readonly NamedDevice[] {
  return devices;
}

function nameOf({ actorUri, signatureKey }: NamedDevice): string {
  return `${signatureKey.toString('hex')} ${actorUri}`;
}
