/** What the handlers of activities have in common: who acts, and what a URI means here. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { CommandContext, JobContext, Services } from '../../platform/context.js';
import type { Reader } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import { DomainError } from '../../platform/errors.js';
import { DEFAULT_LOCALE } from '../../platform/messages/catalogue.js';
import type { CommentId, PostId, PostKind } from '../../posts/post.entity.js';
import { isOurs } from '../addresses.js';
import type { CheckedActivity } from '../internal/check-activity.js';
import type { JsonObject } from '../internal/read-document.js';
import { findLocalActor, localActorId } from '../local-actor.js';
import type { RemoteActor } from '../resolve-actor.js';
import { postUriOf } from '../video-channels.js';

/** An activity that its sender has proven, on its way to the domain. */
export interface Receiving {
  readonly context: JobContext;
  /** Commands carry out what the sender may do, and refuse the rest. */
  readonly command: CommandContext;
  readonly sender: RemoteActor;
  readonly activity: CheckedActivity;
}

/** Nobody here is to have it: it has no effect, and is remembered only for a short while. */
export class Unwanted extends DomainError {
  readonly code = 'NOT_FOUND';

  constructor() {
    super('It is about nothing here.');
  }
}

/** Carries out one type of activity; what it throws as a DomainError is the answer, anything else is tried again. */
export type Handler = (receiving: Receiving) => Promise<void>;

/** Takes one type of activity back, by what is embedded of it or was kept. */
export type Undoing = (receiving: Receiving, undone: JsonObject) => Promise<void>;

/** A post or comment that is known here. */
export interface KnownSubject {
  readonly id: PostId | CommentId;
  readonly kind: PostKind;
  readonly authorId: ActorId;
  /** The post itself, or that of the comment. */
  readonly threadId: PostId;
  readonly isDeleted: boolean;
  readonly isLocal: boolean;
}

const BY_URI = statementForMany(
  'federation.subject',
  `select asked.place, p.id, p.kind, p.author_id as "authorId", coalesce(p.root_id, p.id) as "threadId",
     p.deleted_at is not null as "isDeleted", p.is_local as "isLocal"
   from jsonb_to_recordset($1::jsonb) as asked(place int, uri text, "videoUri" text)
     join posts p on p.uri in (asked.uri, asked."videoUri")
       and (p.uri = asked.uri or (p.is_local and p.kind = 'video'))
   order by p.uri = asked.uri desc`,
);

/** The context in which commands act for a remote actor. */
export function actAs(
  context: Services & { readonly jobId: string },
  actorId: ActorId,
): CommandContext {
  return {
    ...context,
    viewer: null,
    remoteActor: { actorId, isRemote: true },
    requestId: context.jobId,
    clientAddress: null,
    locale: DEFAULT_LOCALE,
    clientName: null,
  };
}

/** A post or comment by its identity, or that of a post of ours as a `Video`, deleted ones too; null when it is unknown. */
export async function findSubject(reader: Reader, uri: string): Promise<KnownSubject | null> {
  const [found] = await reader.ask<KnownSubject>(BY_URI, { uri, videoUri: postUriOf(uri) });
  return found ?? null;
}

/** One of our actors by its identity; null for anybody else. */
export async function findOurActor(
  { database, config }: Pick<JobContext, 'database' | 'config'>,
  uri: string | null,
): Promise<ActorId | null> {
  if (uri === null || !isOurs(config, uri)) return null;
  const id = localActorId(config.publicUrl.origin, uri);
  return id && ((await findLocalActor(database, id))?.id ?? null);
}
