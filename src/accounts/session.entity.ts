/** A signed-in session or a personal access token. Only a digest of the token is stored. */
import { defineEntity, p } from '@mikro-orm/core';
import type { Id } from '../platform/ids.js';
import type { AccountId } from './account.entity.js';

/** Identity of a session or personal access token. */
export type SessionId = Id<'session'>;

const schema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().$type<SessionId>().primary(),
    accountId: p.uuid().$type<AccountId>(),
    kind: p.text().$type<'SESSION' | 'PERSONAL'>(),
    tokenDigest: p.blob(),
    name: p.text().nullable(),
    scopes: p.array().$type<string[]>(),
    clientName: p.text().nullable(),
    clientAddress: p.text().nullable(),
    createdAt: p.datetime(),
    /** When the password was last proven in this session; null for personal access tokens. */
    authenticatedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    expiresAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
});

/** Row of `sessions`. */
export class Session extends schema.class {}
schema.setClass(Session);
