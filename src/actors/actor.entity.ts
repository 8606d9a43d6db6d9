/** Anyone who acts, local or remote. A local actor has no domain; its account lives in `accounts`. */
import { defineEntity, p } from '@mikro-orm/core';
import type { Id } from '../platform/ids.js';
import type { PaymentLink } from './payment-link.js';

/** Identity of an actor. */
export type ActorId = Id<'actor'>;

/** What kind of actor this is (ActivityStreams actor types). */
export const ACTOR_KINDS = {
  PERSON: 'A person.',
  ORGANIZATION: 'An organisation or brand.',
  GROUP: 'A group that others post through.',
  BOT: 'An automated account.',
  SERVICE: 'A service or application.',
} as const;

/** State of an actor as this server sees it. */
export const ACTOR_STATUSES = {
  ACTIVE: 'In ordinary use.',
  LIMITED: 'Shown only to followers and to those who look for it.',
  SUSPENDED: 'Closed by staff; nothing of it is shown.',
  MOVED: 'Moved to another account.',
  MEMORIAL: 'Kept in memory of a person who died.',
  DELETED: 'Deleted by its owner; the tombstone stays so that `author` is never null.',
} as const;

/** One of the kinds. */
export type ActorKind = keyof typeof ACTOR_KINDS;

/** One of the states; PENDING is one whose registration is not complete, and is shown to nobody. */
export type ActorStatus = keyof typeof ACTOR_STATUSES | 'PENDING';

/** One line of a profile, in the author's order. */
export interface ProfileField {
  readonly name: string;
  /** What the author typed. */
  readonly source: string;
  /** Sanitised HTML. */
  readonly valueHtml: string;
  /** When a rel=me link back was seen; null = unverified. */
  readonly verifiedAt: string | null;
}

const schema = defineEntity({
  name: 'Actor',
  tableName: 'actors',
  properties: {
    id: p.uuid().$type<ActorId>().primary(),
    kind: p.text().$type<ActorKind>().default('PERSON'),
    username: p.text(),
    domain: p.text().nullable(),
    uri: p.text().unique(),
    url: p.text(),
    displayName: p.text().default(''),
    bioHtml: p.text().default(''),
    bioSource: p.text().nullable(),
    pronouns: p.text().nullable(),
    fields: p.json().$type<ProfileField[]>().default('[]'),
    paymentLinks: p.json().$type<PaymentLink[]>().default('[]'),
    avatarMediaId: p.uuid().$type<Id<'media'>>().nullable(),
    headerMediaId: p.uuid().$type<Id<'media'>>().nullable(),
    isLocked: p.boolean().default(false),
    isDiscoverable: p.boolean().default(false),
    isIndexable: p.boolean().default(false),
    hidesFollowLists: p.boolean().default(false),
    status: p.text().$type<ActorStatus>().default('ACTIVE'),
    joinedAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Row of `actors`. */
export class Actor extends schema.class {}
schema.setClass(Actor);
