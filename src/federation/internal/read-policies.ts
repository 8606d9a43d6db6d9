/** Who may answer and quote a post of another server, as its author says in one of three ways. */
import type { CommentPolicy, QuotePolicy } from '../../actors/visibility.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { originOf } from '../addresses.js';
import type { JsonObject } from './read-document.js';
import { idsOf, listOf, objectOf } from './read-properties.js';

/** Policies in words; whom they name is told apart once the author is known. */
export interface ReadPolicies {
  readonly commentPolicy: (followersUri: string | null) => CommentPolicy;
  readonly quotePolicy: (followersUri: string | null) => QuotePolicy;
}

const EVERYBODY = new Set([PUBLIC, 'as:Public', 'Public']);
// At once, or once the author has looked at it: either way it can be written.
const WAYS = ['always', 'automaticApproval', 'approvalRequired', 'withApproval', 'manualApproval'];

/** PeerTube says by number who may comment: this is nobody. */
const PEERTUBE_CLOSED = 2;

/**
 * Reads the policies of a post. What is not said is allowed, as on servers that know no policies.
 *
 * @source GoToSocial interaction policies, FEP-044f; Pixelfed `commentsEnabled` and `capabilities`
 */
export function policiesOf(document: JsonObject, authorUri: string): ReadPolicies {
  const policy = objectOf(document['interactionPolicy']);
  const isClosed = PEERTUBE_CLOSED === document['commentsPolicy'] || isIncapable(document);
  return {
    commentPolicy: (followersUri) =>
      isClosed ? 'NOBODY' : commentPolicyOf(policy?.['canReply'], authorUri, followersUri),
    quotePolicy: (followersUri) => quotePolicyOf(policy?.['canQuote'], followersUri),
  };
}

/** Pixelfed says so in two ways, and writes an empty list as a text. */
function isIncapable(document: JsonObject): boolean {
  if (document['commentsEnabled'] === false) return true;
  const capabilities = objectOf(listOf(document['capabilities'])[0]);
  return capabilities?.['reply'] === '[]';
}

function commentPolicyOf(
  value: unknown,
  authorUri: string,
  followersUri: string | null,
): CommentPolicy {
  const allowed = allowedBy(value);
  if (allowed === null || allowed.some((uri) => EVERYBODY.has(uri))) return 'EVERYONE';
  if (followersUri !== null && allowed.includes(followersUri)) return 'FOLLOWERS';
  if (allowed.some((uri) => isFollowingOf(uri, authorUri))) return 'FOLLOWING';
  return allowed.some((uri) => uri !== authorUri) ? 'MENTIONED' : 'NOBODY';
}

function quotePolicyOf(value: unknown, followersUri: string | null): QuotePolicy {
  const allowed = allowedBy(value);
  if (allowed === null || allowed.some((uri) => EVERYBODY.has(uri))) return 'EVERYONE';
  return followersUri !== null && allowed.includes(followersUri) ? 'FOLLOWERS' : 'NOBODY';
}

/** Null when nothing is said. */
function allowedBy(value: unknown): readonly string[] | null {
  const rule = objectOf(value);
  return rule && WAYS.flatMap((way) => idsOf(rule[way]));
}

function isFollowingOf(uri: string, authorUri: string): boolean {
  return originOf(uri) === originOf(authorUri) && /\/following\/?$/.test(uri);
}
