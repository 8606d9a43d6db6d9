/** Sessions and personal access tokens, as their owner sees them. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, type LoaderDefinition } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { MAX_PERSONAL_TOKENS } from '../issue-personal-token.js';
import type { SessionId } from '../session.entity.js';
import { findSessions, listSessions, type SessionRow } from '../sessions.queries.js';
import { MAX_SESSIONS } from '../start-session.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

/** A session or token as resolvers see it. */
export type SessionSource = SessionRow & NodeSource;

const NODE_TYPES = { SESSION: 'Session', PERSONAL: 'PersonalAccessToken' } as const;

/** Loads the viewer's own sessions; anybody else's are not there. */
export const sessionLoader = ownLoader('SESSION');

/** Loads the viewer's own personal access tokens; anybody else's are not there. */
export const personalAccessTokenLoader = ownLoader('PERSONAL');

/** `session_…` ids. */
export const sessionNode = defineNode('session', [NODE_TYPES.SESSION], sessionLoader);

/** `accesstoken_…` ids. */
export const personalAccessTokenNode = defineNode(
  'accesstoken',
  [NODE_TYPES.PERSONAL],
  personalAccessTokenLoader,
);

@ObjectType('Session', {
  implements: [Node],
  description:
    'A signed-in session of this account. Only its owner sees it; null when refetched after it has ended.',
})
@RequiresScope('account:security')
export class SessionType {
  @Field(() => String, {
    nullable: true,
    description: 'What the person called the device; null when they did not say.',
  })
  name!: string | null;

  @Field(() => DateTimeScalar, { description: 'When the person signed in.' })
  createdAt!: Date;
}

@ObjectType('PersonalAccessToken', {
  implements: [Node],
  description:
    'A token for a program of the person’s own. Its text is shown once, by createPersonalAccessToken.',
})
@RequiresScope('account:security')
export class PersonalAccessTokenType {
  @Field(() => [String], { description: 'What it may do.' })
  @ListSize({ assumedSize: 10 })
  scopes!: string[];

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it stops working; null = when it is revoked.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last used, to the minute; null = never.',
  })
  lastUsedAt!: Date | null;
}

@Resolver(() => SessionType)
export class SessionFields {
  @FieldResolver(() => Boolean, { description: 'True for the session of the token in use.' })
  isCurrent(@Root() session: SessionSource, @Ctx() context: GraphQLContext): boolean {
    return session.id === context.viewer?.sessionId;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the client called itself when signing in; null when it did not say.',
  })
  userAgent(@Root() session: SessionSource): string | null {
    return session.clientName;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Network address at the time of signing in, for 30 days; null later, and when unknown.',
  })
  ipAddress(@Root() session: SessionSource): string | null {
    return session.clientAddress;
  }

  @FieldResolver(() => DateTimeScalar, { description: 'When it was last used, to the minute.' })
  lastUsedAt(@Root() session: SessionSource): Date {
    return session.lastUsedAt ?? session.createdAt;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ends unless it is used before.',
  })
  expiresAt(@Root() session: SessionSource): Date | null {
    return session.expiresAt;
  }
}

@Resolver(() => PersonalAccessTokenType)
export class PersonalAccessTokenFields {
  @FieldResolver(() => String, { description: 'What the person called the program.' })
  name(@Root() token: SessionSource): string {
    return token.name ?? '';
  }
}

@Resolver(() => ViewerType)
export class ViewerSessionFields {
  @FieldResolver(() => [SessionType], {
    description: 'Signed-in sessions, used last first; at most 100.',
  })
  @RequiresScope('account:security')
  @ListSize({ assumedSize: MAX_SESSIONS })
  sessions(@Root() viewer: ViewerSource, @Ctx() context: GraphQLContext): Promise<SessionSource[]> {
    return listOwn(context, viewer, 'SESSION');
  }

  @FieldResolver(() => [PersonalAccessTokenType], {
    description: 'Personal access tokens, used last first; at most 100.',
  })
  @RequiresScope('account:security')
  @ListSize({ assumedSize: MAX_PERSONAL_TOKENS })
  personalAccessTokens(
    @Root() viewer: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<SessionSource[]> {
    return listOwn(context, viewer, 'PERSONAL');
  }
}

async function listOwn(
  context: GraphQLContext,
  viewer: ViewerSource,
  kind: SessionRow['kind'],
): Promise<SessionSource[]> {
  const rows = await listSessions(context.database, viewer.id, kind, context.clock.now());
  return rows.map(toSource);
}

function ownLoader(kind: SessionRow['kind']): LoaderDefinition<SessionId, SessionSource> {
  return defineLoader<SessionId, SessionSource>(async ({ database, clock, viewer }, ids) => {
    const rows = viewer
      ? await findSessions(database, viewer.accountId, kind, clock.now(), ids)
      : [];
    return new Map(rows.map((row) => [row.id, toSource(row)]));
  });
}

function toSource(row: SessionRow): SessionSource {
  return { ...row, nodeType: NODE_TYPES[row.kind] };
}
