/** What a server asks of the hub of an encrypted conversation for one of its people: read whole before anything is done. */
import { Invalid } from '../../platform/errors.js';
import type { JsonObject } from './read-document.js';
import { isShortAddress, objectOf, textOf } from './read-properties.js';

/** A device as servers name it to each other. */
export interface KeyedDevice {
  readonly actorUri: string;
  readonly signatureKey: Buffer;
}

/** A key package that a Welcome names. */
export interface KeyedPackage extends KeyedDevice {
  readonly ref: Buffer;
}

/** A commit with all that belongs to it. */
export interface SubmittedCommit {
  readonly kind: 'commit';
  readonly clientMessageId: string;
  readonly epoch: number;
  readonly commit: Buffer;
  readonly welcome: Buffer | null;
  readonly groupInfo: Buffer | null;
  readonly addMembers: readonly string[];
  readonly removeMembers: readonly string[];
  readonly removeDevices: readonly KeyedDevice[];
  readonly keyPackages: readonly KeyedPackage[];
}

/** What is asked. */
export type Submission =
  | { readonly kind: 'message'; readonly clientMessageId: string; readonly data: Buffer }
  | SubmittedCommit
  | { readonly kind: 'signal'; readonly payload: Buffer }
  | { readonly kind: 'reset'; readonly mlsGroupId: Buffer }
  | { readonly kind: 'disappearing'; readonly seconds: number | null }
  | { readonly kind: 'leave' | 'leaveDevice' }
  | { readonly kind: 'lease' | 'groupInfo' | 'accept' };

/** Most people, devices and key packages that one commit names: no group has more. */
const MOST_NAMED = 1000;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** @throws {Invalid} INVALID_INPUT for what is none */
export function readSubmission(body: JsonObject): Submission {
  const kind = textOf(body['kind']);
  switch (kind) {
    case 'message':
      return { kind, clientMessageId: clientIdOf(body), data: bytesOf(body, 'data') };
    case 'commit':
      return commitOf(body);
    case 'signal':
      return { kind, payload: bytesOf(body, 'payload') };
    case 'reset':
      return { kind, mlsGroupId: bytesOf(body, 'mlsGroupId') };
    case 'disappearing':
      return { kind, seconds: secondsOf(body) };
    case 'leave':
    case 'leaveDevice':
      return { kind };
    case 'lease':
    case 'groupInfo':
    case 'accept':
      return { kind };
    default:
      throw new Invalid('This is nothing that can be asked.', ['kind'], 'KIND');
  }
}

/** The device for which it is asked; null when none is named. @throws {Invalid} INVALID_INPUT for what is no key */
export function deviceKeyOf(body: JsonObject): Buffer | null {
  return body['device'] === undefined ? null : bytesOf(body, 'device');
}

function commitOf(body: JsonObject): SubmittedCommit {
  return {
    kind: 'commit',
    clientMessageId: clientIdOf(body),
    epoch: wholeOf(body, 'epoch'),
    commit: bytesOf(body, 'commit'),
    welcome: isNothing(body['welcome']) ? null : bytesOf(body, 'welcome'),
    groupInfo: isNothing(body['groupInfo']) ? null : bytesOf(body, 'groupInfo'),
    addMembers: listIn(body, 'addMembers').map((one) => addressOf(one, 'addMembers')),
    removeMembers: listIn(body, 'removeMembers').map((one) => addressOf(one, 'removeMembers')),
    removeDevices: listIn(body, 'removeDevices').map((one) => keyedOf(one, 'removeDevices')),
    keyPackages: listIn(body, 'keyPackages').map((one) => packageOf(one)),
  };
}

function packageOf(value: unknown): KeyedPackage {
  return { ...keyedOf(value, 'keyPackages'), ref: bytesOf(objectOf(value)!, 'ref') };
}

function keyedOf(value: unknown, field: string): KeyedDevice {
  const object = objectOf(value);
  if (!object) throw new Invalid('Each is an object.', [field], 'OBJECT');
  return {
    actorUri: addressOf(object['actor'], field),
    signatureKey: bytesOf(object, 'signatureKey'),
  };
}

function clientIdOf(body: JsonObject): string {
  const id = textOf(body['clientMessageId']);
  if (id === null) throw new Invalid('An id is a text.', ['clientMessageId'], 'TEXT');
  return id;
}

function addressOf(value: unknown, field: string): string {
  const uri = textOf(value);
  if (uri === null || !isShortAddress(uri))
    throw new Invalid('Each is named by its address.', [field], 'ADDRESS');
  return uri;
}

/** In one spelling only: what comes in goes out byte for byte. */
function bytesOf(body: JsonObject, field: string): Buffer {
  const text = textOf(body[field]);
  const bytes = text !== null && BASE64.test(text) ? Buffer.from(text, 'base64') : null;
  if (bytes?.toString('base64') !== text || !bytes)
    throw new Invalid('Bytes are standard base64.', [field], 'BASE64');
  return bytes;
}

function wholeOf(body: JsonObject, field: string): number {
  const value = body[field];
  if (!Number.isInteger(value) || Math.abs(value as number) > 2 ** 31 - 1)
    throw new Invalid('A whole number.', [field], 'RANGE', '0..2147483647');
  return value as number;
}

/** 0 and nothing are the same: messages stay. */
function secondsOf(body: JsonObject): number | null {
  const seconds = isNothing(body['seconds']) ? 0 : wholeOf(body, 'seconds');
  return seconds === 0 ? null : seconds;
}

function listIn(body: JsonObject, field: string): readonly unknown[] {
  const value = body[field] ?? [];
  if (!Array.isArray(value) || value.length > MOST_NAMED)
    throw new Invalid(`A list of at most ${MOST_NAMED}.`, [field], 'MAX_ITEMS', `${MOST_NAMED}`);
  return value as unknown[];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}
