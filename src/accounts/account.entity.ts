/** Credentials and settings of a local person. What others see of the person is the Actor. */
import { defineEntity, p } from '@mikro-orm/core';
import type { ActorId } from '../actors/actor.entity.js';
import type { Role } from '../platform/context.js';
import type { Id } from '../platform/ids.js';

/** Identity of an account. */
export type AccountId = Id<'account'>;

/** Where an account stands on its way in and out. */
export type AccountState =
  | 'AWAITING_EMAIL'
  | 'AWAITING_APPROVAL'
  | 'ACTIVE'
  | 'REJECTED'
  | 'SUSPENDED'
  /** Its owner has deleted it and may still come back. */
  | 'CLOSING'
  | 'DELETED';

const schema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  properties: {
    id: p.uuid().$type<AccountId>().primary(),
    actorId: p.uuid().$type<ActorId>().unique(),
    email: p.text(),
    /** Lower case, without dots and +tags where the provider ignores them: finds the same mailbox again. */
    emailCanonical: p.text(),
    emailVerifiedAt: p.datetime().nullable(),
    /** New address that waits for its proof; null when none does. */
    pendingEmail: p.text().nullable(),
    passwordHash: p.text(),
    passwordChangedAt: p.datetime(),
    role: p.text().$type<Role>().default('USER'),
    state: p.text().$type<AccountState>(),
    language: p.text().default('en'),
    registrationReason: p.text().nullable(),
    /** True until the staff has let the person in, where it has to. */
    needsApproval: p.boolean().default(false),
    inviteId: p.uuid().$type<Id<'invite'>>().nullable(),
    agreedToRulesAt: p.datetime().nullable(),
    settings: p.json().$type<Record<string, unknown>>(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Row of `accounts`. */
export class Account extends schema.class {}
schema.setClass(Account);
