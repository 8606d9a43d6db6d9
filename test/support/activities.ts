// Activities as honest peers write them; each with an id of its own.
import type { PeerActor } from './fake-peer.js';

/** The collection of everybody. */
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

/** An activity or object with its id. */
export type Written = Record<string, unknown> & { id: string };

let numbers = 0;

/** An id on somebody's own server that was never used before. */
export function freshId(actor: PeerActor): string {
  numbers += 1;
  return `${new URL(actor.uri).origin}/things/${numbers}`;
}

/** A public Note with one picture. */
export function noteBy(author: PeerActor, more: object = {}): Written {
  return {
    id: freshId(author),
    type: 'Note',
    attributedTo: author.uri,
    content: '<p>Hello</p>',
    to: [PUBLIC],
    cc: [`${author.uri}/followers`],
    attachment: [
      { type: 'Document', mediaType: 'image/jpeg', url: `${new URL(author.uri).origin}/p.jpg` },
    ],
    ...more,
  };
}

/** An answer without pictures. */
export function answerBy(author: PeerActor, inReplyTo: string, more: object = {}): Written {
  return noteBy(author, { inReplyTo, attachment: [], ...more });
}

/** An activity of somebody about something. */
export function activityBy(
  actor: PeerActor,
  type: string,
  object: unknown,
  more: object = {},
): Written {
  return { id: freshId(actor), type, actor: actor.uri, object, to: [PUBLIC], ...more };
}
