/** Bytes of MLS as they stand in ActivityStreams: in base64, under `content`. */
import type { JsonObject } from './read-document.js';
import { textOf } from './read-properties.js';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes of an object; null for what is written in another way. What they are only they say themselves. */
export function readMlsContent(document: JsonObject): Buffer | null {
  const encoding = textOf(document['encoding']) ?? textOf(document['mls:encoding']) ?? 'base64';
  const mediaType = textOf(document['mediaType']) ?? 'message/mls';
  const content = (textOf(document['content']) ?? '').replaceAll(/[\r\n]+/g, '');
  if (encoding.toLowerCase() !== 'base64' || !mediaType.startsWith('message/mls')) return null;
  return BASE64.test(content) ? Buffer.from(content, 'base64') : null;
}
