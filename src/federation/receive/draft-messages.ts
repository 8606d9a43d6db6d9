/**
 * Encrypted messages that people of servers without a hub send to people of here. @source SWICG MLS over ActivityPub; the
 * shapes of Emissary and Bonfire
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { receiveDraftMessage } from '../../chat/receive-draft-message.js';
import { readMlsKind } from '../../mls/read-mls-kind.js';
import { isOurs } from '../addresses.js';
import { MLS_TYPES } from '../documents/mls-context.js';
import type { JsonObject } from '../internal/read-document.js';
import { readMlsContent } from '../internal/read-mls-content.js';
import { idOf, idsOf, isShortAddress, listOf, objectOf } from '../internal/read-properties.js';
import { learnKeysOf } from '../remote-keys.js';
import { findRemoteActor } from '../resolve-actor.js';
import { remoteActor } from './messages.js';
import { findOurActor, Unwanted, type Receiving } from './receiving.js';
import { canOwn } from './tombstones.js';

const TYPES: ReadonlySet<unknown> = new Set(MLS_TYPES);
/** People of one message, and how many of them are asked for when they are unknown. */
const MOST_NAMED = 250;
const MOST_ASKED = 10;

/**
 * Keeps a message of MLS.
 *
 * @returns false when it is none
 * @throws {DomainError} when nobody here takes it
 */
export async function takeDraftMessage(receiving: Receiving): Promise<boolean> {
  const { activity, command, sender } = receiving;
  const object = objectOf(activity.body['object']);
  if (!object || !isMlsObject(object)) return false;
  const uri = idOf(object);
  const author = idOf(object['attributedTo']);
  const data = readMlsContent(object);
  if (uri === null || !data || !canOwn(receiving, uri)) throw new Unwanted();
  if (author !== null && author !== sender.uri) throw new Unwanted();
  const named = [
    ...idsOf(activity.body['to']),
    ...idsOf(activity.body['cc']),
    ...idsOf(object['to']),
  ];
  const people = [...new Set(named)].filter((one) => one !== sender.uri).slice(0, MOST_NAMED);
  const localIds = await oursAmong(receiving, people);
  if (localIds.length === 0) throw new Unwanted();
  const otherIds = await othersAmong(receiving, people);
  await learnKeys(receiving, data, otherIds);
  const contextUri = contextOf(object);
  const message = { uri, contextUri, data, localIds, otherIds, host: sender.host };
  await receiveDraftMessage(command, message);
  return true;
}

/** Whoever reads it has to know whose devices are in the group; what is no text may let devices in. */
async function learnKeys(
  { context, sender }: Receiving,
  data: Buffer,
  otherIds: readonly ActorId[],
): Promise<void> {
  const read = readMlsKind(data);
  if (!read) return;
  const isText = read.kind === 'MESSAGE' && read.header.content === 'APPLICATION';
  await learnKeysOf(context, [sender.actorId, ...otherIds.slice(0, MOST_ASKED)], !isText);
}

function isMlsObject(object: JsonObject): boolean {
  return (
    object['mediaType'] === 'message/mls' || listOf(object['type']).some((one) => TYPES.has(one))
  );
}

function contextOf(object: JsonObject): string | null {
  const uri = idOf(object['conversation']) ?? idOf(object['context']);
  return uri !== null && isShortAddress(uri) ? uri : null;
}

async function oursAmong({ context }: Receiving, people: readonly string[]): Promise<ActorId[]> {
  const ids: ActorId[] = [];
  for (const uri of people) {
    const id = await findOurActor(context, uri);
    if (id !== null) ids.push(id);
  }
  return ids;
}

async function othersAmong(receiving: Receiving, people: readonly string[]): Promise<ActorId[]> {
  const { context } = receiving;
  const ids: ActorId[] = [];
  let asked = 0;
  for (const uri of people) {
    if (isOurs(context.config, uri)) continue;
    const known = await findRemoteActor(context.database, uri);
    if (!known && asked++ >= MOST_ASKED) continue;
    const id = known?.actorId ?? (await remoteActor(receiving, uri));
    if (id !== null) ids.push(id);
  }
  return ids;
}
