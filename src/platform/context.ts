/**
 * What a command, a resolver or a job is given: the server's services and, for requests, who asks.
 * Plain data and interfaces; no product rule lives here.
 */
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Database } from './db/database.js';
import type { Entitlements } from './entitlements.js';
import type { HttpClient } from './http-client.js';
import type { Id } from './ids.js';
import type { Logger } from './logger.js';
import type { Locale } from './messages/catalogue.js';
import type { Mailer } from './mail.js';
import type { OutsidePost } from './outside-post.js';
import type { Peers } from './peers.js';
import type { RateLimiter } from './rate-limiter.js';
import type { Scratch } from './scratch.js';
import type { Sealer } from './sealing.js';
import type { Storage } from './storage/storage.js';

/** Staff roles, each including the ones before it. */
export const ROLES = ['USER', 'CURATOR', 'MODERATOR', 'ADMIN', 'OWNER'] as const;

/** One of the staff roles. */
export type Role = (typeof ROLES)[number];

/** Services that live as long as the process. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly database: Database;
  readonly log: Logger;
  readonly storage: Storage;
  /** Files that do not outlive the work that they are for. */
  readonly scratch: Scratch;
  readonly mailer: Mailer;
  /** Posts to addresses that clients have named. */
  readonly outside: OutsidePost;
  /** Asks other servers. */
  readonly http: HttpClient;
  /** Asks servers of the network in the name of somebody here. */
  readonly peers: Peers;
  readonly sealer: Sealer;
  readonly rateLimiter: RateLimiter;
  readonly entitlements: Entitlements;
}

/** The local person behind a request, as proven by a token. */
export interface Viewer {
  readonly accountId: Id<'account'>;
  readonly actorId: Id<'actor'>;
  readonly sessionId: Id<'session'>;
  readonly role: Role;
  /** Scopes of the token, as granted; a parent scope includes its children. */
  readonly scopes: readonly string[];
}

/** Whoever does something: the viewer, or an actor of another server. */
export interface Acting {
  readonly actorId: Id<'actor'>;
  /** Another server has proven that it is this actor's doing; no person of this server is behind it. */
  readonly isRemote?: true;
}

/** Everything a command may use. `viewer` is null for anonymous callers. */
export interface CommandContext extends Services {
  readonly viewer: Viewer | null;
  /** Who acts where there is no viewer, because an activity of another server is carried out. */
  readonly remoteActor?: Acting & { readonly isRemote: true };
  readonly requestId: string;
  /** The client's address, after trusted proxies; null outside of a request. */
  readonly clientAddress: string | null;
  /** Language of messages, as the client would like it. */
  readonly locale: Locale;
  /** What the client calls itself; null when it does not say. */
  readonly clientName: string | null;
}

/** Everything a job may use. */
export interface JobContext extends Services {
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The worker is told to stop, and waits for this job: what goes on for long ends at once, and is done later. */
  readonly stopping?: AbortSignal;
}
