/**
 * Payloads as ActivityStreams, in the profile of the draft "Messaging Layer Security in ActivityPub": activities around
 * objects whose ids are `uri:uuid:…`. What the draft has no words for are terms of `tri:`.
 */
import { fromBase64, textOf, toBase64, utf8 } from '../crypto/bytes.js';
import { newSalt, SALT_TERM } from './franking.js';
import type { AttachmentContent, NewPayload, Payload } from './payload.js';
import { htmlOf, sanitise } from './sanitise.js';

/** Characters of the HTML of a message, or of what a call says, that are read. */
export const BODY_CHARACTERS = 20_000;

const CONTEXT = ['https://www.w3.org/ns/activitystreams', { tri: 'https://triptych.social/ns#' }];
const LIMITS = {
  attachments: 20,
  options: 20,
  targets: 200,
  name: 300,
  body: BODY_CHARACTERS,
  waveform: 128,
};
const IDENTIFIER = /^(?:uri|urn):uuid:[0-9A-Za-z-]{8,64}$/;

type Json = Readonly<Record<string, unknown>>;

/** A fresh id. */
export const newId = (): string => `uri:uuid:${crypto.randomUUID()}`;

/**
 * @param id of the message, or of the activity where it makes none
 * @param salt of the tag by which it can be reported
 */
export function encodePayload(id: string, payload: NewPayload, salt = newSalt()): Uint8Array {
  const secret = { [SALT_TERM]: toBase64(salt) };
  return utf8(JSON.stringify({ '@context': CONTEXT, ...secret, ...activityOf(id, payload) }));
}

function activityOf(id: string, payload: NewPayload): Json {
  const create = (object: Json): Json => ({
    type: 'Create',
    id: newId(),
    object: { id, ...object },
  });
  switch (payload.kind) {
    case 'text':
      return create({
        type: 'Note',
        content: payload.html,
        ...(payload.inReplyTo && { inReplyTo: payload.inReplyTo }),
        ...(payload.attachments.length > 0 && {
          attachment: payload.attachments.map(attachmentOf),
        }),
      });
    case 'edit':
      return {
        type: 'Update',
        id,
        object: { type: 'Note', id: payload.target, content: payload.html },
      };
    case 'delete':
      return { type: 'Delete', id, object: payload.target };
    case 'reaction':
      return payload.emoji === '❤'
        ? { type: 'Like', id, object: payload.target }
        : { type: 'EmojiReact', id, object: payload.target, content: payload.emoji };
    case 'undo':
      return { type: 'Undo', id, object: payload.target };
    case 'receipt':
      return { type: payload.state === 'read' ? 'Read' : 'Accept', id, object: payload.targets };
    case 'poll':
      return create({
        type: 'Question',
        content: htmlOf(payload.question),
        name: payload.question,
        [payload.isMultiple ? 'anyOf' : 'oneOf']: payload.options.map((name) => ({
          type: 'Note',
          name,
        })),
        ...(payload.endsAt && { endTime: payload.endsAt }),
      });
    case 'vote':
      return create({ type: 'Note', inReplyTo: payload.target, 'tri:votes': payload.options });
    case 'location': {
      const { latitude, longitude, name } = payload;
      return create({ type: 'Place', latitude, longitude, ...(name && { name }) });
    }
    case 'contact':
      return create({ type: 'Profile', describes: payload.uri, name: payload.name });
    case 'call': {
      const { callId, signal, body } = payload;
      return create({
        type: 'tri:Call',
        'tri:call': callId,
        'tri:signal': signal,
        'tri:body': body,
      });
    }
    case 'timer':
      return create({ type: 'tri:Timer', 'tri:seconds': payload.seconds });
    case 'title':
      return create({ type: 'tri:Title', name: payload.title });
    case 'picture':
      return create({ type: 'tri:Picture', image: payload.file && attachmentOf(payload.file) });
    case 'keyLogHead': {
      const { treeSize, rootHash, server } = payload;
      const root = toBase64(rootHash);
      return create({
        type: 'tri:KeyLogHead',
        'tri:size': treeSize,
        'tri:root': root,
        'tri:server': server,
      });
    }
    case 'leave':
      return { type: 'Leave', id };
    case 'unknown':
      throw new TypeError('Only what is understood can be sent.');
  }
}

const TYPES: Readonly<Record<string, string>> = { image: 'Image', audio: 'Audio', video: 'Video' };

function attachmentOf(file: AttachmentContent): Json {
  return {
    type: TYPES[file.mediaType.split('/')[0]!] ?? 'Document',
    mediaType: file.mediaType,
    name: file.name,
    url: file.url,
    'tri:key': toBase64(file.key),
    'tri:sha256': toBase64(file.sha256),
    'tri:size': file.sizeBytes,
    ...(file.width && { width: file.width }),
    ...(file.height && { height: file.height }),
    ...(file.durationMs !== null && { 'tri:durationMs': file.durationMs }),
    ...(file.waveform && { 'tri:waveform': file.waveform }),
  };
}

/** What an activity says; what cannot be understood is `unknown`, and what is no activity at all as well. */
export function decodePayload(bytes: Uint8Array): Payload {
  try {
    return read(record(JSON.parse(textOf(bytes))));
  } catch {
    return { id: newId(), kind: 'unknown', type: 'none' };
  }
}

function read(activity: Json): Payload {
  const id = identifier(activity['id']) ?? newId();
  const target = (): string => demand(identifier(activity['object']));
  switch (activity['type']) {
    case 'Create':
      return readObject(record(activity['object']));
    case 'Update': {
      const object = record(activity['object']);
      const html = sanitise(text(object['content'], LIMITS.body));
      return { id, kind: 'edit', target: demand(identifier(object['id'])), html };
    }
    case 'Delete':
      return { id, kind: 'delete', target: target() };
    case 'Like':
      return { id, kind: 'reaction', target: target(), emoji: '❤' };
    case 'EmojiReact':
      return {
        id,
        kind: 'reaction',
        target: target(),
        emoji: demand(text(activity['content'], 32)),
      };
    case 'Undo':
      return { id, kind: 'undo', target: target() };
    case 'Leave':
      return { id, kind: 'leave' };
    case 'Read':
    case 'Accept': {
      const targets = list(activity['object'], LIMITS.targets).flatMap(
        (it) => identifier(it) ?? [],
      );
      return {
        id,
        kind: 'receipt',
        state: activity['type'] === 'Read' ? 'read' : 'delivered',
        targets,
      };
    }
    default:
      return { id, kind: 'unknown', type: text(activity['type'], LIMITS.name) };
  }
}

function readObject(object: Json): Payload {
  const id = demand(identifier(object['id']));
  const name = text(object['name'], LIMITS.name);
  switch (object['type']) {
    case 'Note':
      return Array.isArray(object['tri:votes'])
        ? {
            id,
            kind: 'vote',
            target: demand(identifier(object['inReplyTo'])),
            options: texts(object['tri:votes']),
          }
        : {
            id,
            kind: 'text',
            html: sanitise(text(object['content'], LIMITS.body)),
            inReplyTo: identifier(object['inReplyTo']),
            attachments: list(object['attachment'], LIMITS.attachments).flatMap(readAttachment),
          };
    case 'Question': {
      const isMultiple = Array.isArray(object['anyOf']);
      const options = list(object[isMultiple ? 'anyOf' : 'oneOf'], LIMITS.options).map((it) =>
        text(record(it)['name'], LIMITS.name),
      );
      return {
        id,
        kind: 'poll',
        question: name,
        options,
        isMultiple,
        endsAt: text(object['endTime'], 40) || null,
      };
    }
    case 'Place':
      return {
        id,
        kind: 'location',
        latitude: number(object['latitude'], -90, 90),
        longitude: number(object['longitude'], -180, 180),
        name: name || null,
      };
    case 'Profile':
      return { id, kind: 'contact', uri: webAddress(object['describes']), name };
    case 'tri:Call':
      return {
        id,
        kind: 'call',
        callId: text(object['tri:call'], LIMITS.name),
        signal: text(object['tri:signal'], LIMITS.name),
        body: text(object['tri:body'], LIMITS.body),
      };
    case 'tri:Timer': {
      const seconds = object['tri:seconds'];
      return {
        id,
        kind: 'timer',
        seconds: seconds === null ? null : number(seconds, 1, 400 * 86_400),
      };
    }
    case 'tri:Title':
      return { id, kind: 'title', title: name };
    case 'tri:Picture':
      return { id, kind: 'picture', file: readPicture(object['image']) };
    case 'tri:KeyLogHead':
      return {
        id,
        kind: 'keyLogHead',
        treeSize: text(object['tri:size'], 20),
        rootHash: fromBase64(text(object['tri:root'], 64)),
        server: text(object['tri:server'], LIMITS.name),
      };
    default:
      return { id, kind: 'unknown', type: text(object['type'], LIMITS.name) };
  }
}

/** A file that can be fetched and checked; what lacks a part of that is left out. */
function readAttachment(value: unknown): AttachmentContent[] {
  try {
    const file = record(value);
    const optional = (it: unknown, most: number): number | null =>
      it === undefined ? null : number(it, 0, most);
    const waveform = list(file['tri:waveform'], LIMITS.waveform).map((it) => number(it, 0, 100));
    return [
      {
        url: webAddress(file['url']),
        key: sized(fromBase64(text(file['tri:key'], 64)), 32),
        sha256: sized(fromBase64(text(file['tri:sha256'], 64)), 32),
        sizeBytes: number(file['tri:size'], 0, 2 ** 40),
        mediaType: text(file['mediaType'], 100),
        name: text(file['name'], LIMITS.name),
        width: optional(file['width'], 100_000),
        height: optional(file['height'], 100_000),
        durationMs: optional(file['tri:durationMs'], 86_400_000),
        waveform: waveform.length > 0 ? waveform : null,
      },
    ];
  } catch {
    return [];
  }
}

/** A picture that cannot be read does not take away the one that there is. */
function readPicture(value: unknown): AttachmentContent | null {
  if (value === null) return null;
  const [file] = readAttachment(value);
  if (!file?.mediaType.startsWith('image/')) throw new TypeError('no picture');
  return file;
}

function record(value: unknown): Json {
  if (!value || typeof value !== 'object' || Array.isArray(value)) throw new TypeError('no object');
  return value as Json;
}

const list = (value: unknown, most: number): readonly unknown[] =>
  (Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]).slice(0, most);

const texts = (value: unknown): string[] =>
  list(value, LIMITS.options).map((it) => text(it, LIMITS.name));

const text = (value: unknown, most: number): string =>
  typeof value === 'string' ? value.slice(0, most) : '';

function number(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw new RangeError('no such number');
  return value;
}

/** The id of an object, or of one that is written out. */
function identifier(value: unknown): string | null {
  const id = value && typeof value === 'object' ? (value as Json)['id'] : value;
  return typeof id === 'string' && IDENTIFIER.test(id) ? id.replace(/^urn:/, 'uri:') : null;
}

function webAddress(value: unknown): string {
  const url = new URL(text(value, 2000));
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError('no address of the web');
  return url.href;
}

function demand<Value>(value: Value | null | ''): Value {
  if (value === null || value === '') throw new TypeError('something is missing');
  return value;
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError('another length');
  return bytes;
}
