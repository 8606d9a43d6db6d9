// Devices that chat encrypted, through the public API, as a client registers them and lays out key packages.
import { attestationOf, proofOf } from '../../src/devices/attestation.js';
import type { NewDevice } from '../../src/devices/internal/device-input.js';
import { base64, makeKeyPackage, newKey, signed, type TestKey } from './key-packages.js';
import type { Answered } from './posts.js';
import type { Person } from './world.js';

/** Somebody with their identity key. */
export interface Chatter {
  readonly who: Person;
  readonly uri: string;
  readonly identity: TestKey;
}

/** A device of theirs. */
export interface TestDevice extends Chatter {
  /** `chatdevice_…` */
  readonly id: string;
  readonly key: TestKey;
}

/** A device as it is asked for here. */
export interface SeenDevice {
  readonly id: string;
  readonly name: string | null;
  readonly platform: string | null;
  readonly signatureKey: string;
  readonly identityVersion: number | null;
  readonly fingerprint: string;
  readonly keyPackageCount: number | null;
  readonly needsKeyPackages: boolean | null;
  readonly lastSeenAt: string | null;
  readonly revokedAt: string | null;
  readonly actor: { readonly username: string } | null;
}

/** A key package as it is asked for here. */
export interface SeenKeyPackage {
  readonly ref: string;
  readonly data: string;
  readonly isLastResort: boolean;
  readonly ciphersuite: number;
  readonly device: { readonly id: string };
  readonly actor: { readonly id: string };
}

/** Fields of a device. */
export const DEVICE = `id name platform signatureKey identityVersion attestation attestedAt fingerprint keyPackageCount
  needsKeyPackages createdAt lastSeenAt revokedAt actor { username }`;

const REGISTER = `mutation ($input: RegisterChatDeviceInput!) { registerChatDevice(input: $input) {
  device { ${DEVICE} } userErrors { code path ... on ValidationError { constraint limit }
    ... on IdentityMismatchError { knownKey knownVersion } } } }`;
const PUBLISH = `mutation ($input: PublishKeyPackagesInput!) { publishKeyPackages(input: $input) {
  device { ${DEVICE} } userErrors { code path ... on ValidationError { constraint limit } } } }`;
const REVOKE = `mutation ($input: RevokeChatDeviceInput!) { revokeChatDevice(input: $input) {
  device { ${DEVICE} } userErrors { code path } } }`;

/** The mutation that claims. */
export const CLAIM = `mutation ($input: ClaimKeyPackagesInput!) { claimKeyPackages(input: $input) {
  keyPackages { ref data isLastResort ciphersuite expiresAt device { id } actor { id } }
  actorsWithoutPackages { id } userErrors { code path ... on ValidationError { constraint limit } } } }`;

/** Makes an identity key for somebody. */
export async function chatter(who: Person): Promise<Chatter> {
  const { data } = await who.graphql<{ viewer: { actor: { uri: string } } }>(
    '{ viewer { actor { uri } } }',
  );
  return { who, uri: data.viewer.actor.uri, identity: await newKey() };
}

/** A device as the command takes it. */
export function newDeviceOf(
  { uri, identity }: Pick<Chatter, 'uri' | 'identity'>,
  key: TestKey,
  attestedAt: Date,
): NewDevice {
  const device = {
    actorUri: uri,
    identityKey: identity.publicKey,
    signatureKey: key.publicKey,
    attestedAt,
  };
  return {
    name: 'Phone',
    platform: 'Test',
    signatureKey: key.publicKey,
    identityKey: identity.publicKey,
    attestation: signed(identity, attestationOf(device)),
    attestedAt,
    proof: signed(key, proofOf(device)),
  };
}

/** What a device sends to be registered. */
export function registrationOf(
  owner: Chatter,
  key: TestKey,
  attestedAt: Date,
): Record<string, unknown> {
  const device = newDeviceOf(owner, key, attestedAt);
  return {
    ...device,
    signatureKey: base64(device.signatureKey),
    identityKey: base64(device.identityKey),
    attestation: base64(device.attestation),
    attestedAt: attestedAt.toISOString(),
    proof: base64(device.proof),
  };
}

/** Sends a registration. */
export async function register(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ readonly device: SeenDevice | null }>> {
  const answer = await who.graphql<{
    registerChatDevice: Answered<{ device: SeenDevice | null }>;
  }>(REGISTER, { input });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.registerChatDevice;
}

/** Registers a device of somebody. */
export async function addDevice(owner: Chatter, now: Date): Promise<TestDevice> {
  const key = await newKey();
  const { device, userErrors } = await register(owner.who, registrationOf(owner, key, now));
  if (!device) throw new Error(JSON.stringify(userErrors));
  return { ...owner, id: device.id, key };
}

/** Revokes a device. */
export async function revoke(
  who: Person,
  deviceId: string,
): Promise<Answered<{ readonly device: SeenDevice | null }>> {
  const answer = await who.graphql<{ revokeChatDevice: Answered<{ device: SeenDevice | null }> }>(
    REVOKE,
    { input: { deviceId } },
  );
  return answer.data.revokeChatDevice;
}

/** A key package to be published. */
export interface Offered {
  readonly data: string;
  readonly isLastResort?: boolean;
}

/** Makes key packages of a device, the first of which is the last resort unless told otherwise. */
export async function makeKeyPackages(
  { uri, key }: Pick<TestDevice, 'uri' | 'key'>,
  count: number,
  now: Date,
  hasLastResort = true,
): Promise<Offered[]> {
  const made: Offered[] = [];
  for (let index = 0; index < count; index++)
    made.push({
      data: base64(await makeKeyPackage(uri, key, now)),
      isLastResort: hasLastResort && index === 0,
    });
  return made;
}

/** Publishes key packages. */
export async function publish(
  who: Person,
  deviceId: string,
  keyPackages: readonly Offered[],
): Promise<Answered<{ readonly device: SeenDevice | null }>> {
  const answer = await who.graphql<{
    publishKeyPackages: Answered<{ device: SeenDevice | null }>;
  }>(PUBLISH, { input: { deviceId, keyPackages } });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.publishKeyPackages;
}

/** Answer of a claim. */
export type AnsweredClaim = Answered<{
  readonly keyPackages: readonly SeenKeyPackage[] | null;
  readonly actorsWithoutPackages: readonly { readonly id: string }[] | null;
}>;

/** Claims key packages of people. */
export async function claim(
  who: Person,
  actorIds: readonly string[],
  exceptDeviceIds: readonly string[] = [],
): Promise<AnsweredClaim> {
  const answer = await who.graphql<{ claimKeyPackages: AnsweredClaim }>(CLAIM, {
    input: { actorIds, exceptDeviceIds },
  });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.claimKeyPackages;
}
