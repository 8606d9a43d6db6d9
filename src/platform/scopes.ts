// The OAuth scopes that a token can carry, and which of them include others.
// Pure data and string rules: tokens, GraphQL fields and the consent page all read this one list.

/** Every scope with the sentence that a person sees before granting it. Keys are the wire names, parents before children. */
export const SCOPES = {
  openid: 'Know that it is you, as an OpenID Connect sign-in.',
  profile: 'See your name, picture and handle.',
  email: 'See your e-mail address.',
  offline_access: 'Stay connected while you are away.',
  read: 'Read everything that you can see, except your conversations.',
  'read:account': 'See your e-mail address, settings, sessions, plan and storage.',
  'read:posts':
    'See posts and comments, also those that only you or your followers may see. Without it, an app sees what everybody sees.',
  'read:relationships': 'See whom you follow, block and mute, and who follows you.',
  'read:notifications': 'See your notifications.',
  'read:search': 'Search, and look things up on other servers.',
  'read:feeds': 'See your timelines and ranked feeds.',
  'read:analytics': 'See the figures of your posts.',
  write: 'Change everything that you can change, except conversations and security settings.',
  'write:account': 'Change your profile and settings.',
  'write:posts': 'Publish, edit and delete posts and comments.',
  'write:media': 'Upload and edit photos and videos.',
  'write:interactions': 'React, bookmark and repost.',
  'write:relationships': 'Follow, block and mute.',
  'write:notifications': 'Mark notifications as read and choose which ones you get.',
  'write:feeds': 'Change your lists, filters and ranking choices.',
  'write:reports': 'Report posts and accounts.',
  chat: 'Read your conversations, and write in them as you.',
  push: 'Send you push notifications.',
  'account:security': 'Change your password, sign-in methods, sessions and tokens.',
  'account:portability': 'Export, import, move or delete your account.',
  'admin:read': 'See everything that your staff role may see.',
  'admin:read:accounts': 'See accounts as staff.',
  'admin:read:reports': 'See reports and moderation actions.',
  'admin:read:federation': 'See the rules and the state of federation.',
  'admin:read:instance': 'See the settings of this server.',
  'admin:write': 'Do everything that your staff role may do.',
  'admin:write:reports': 'Handle reports.',
  'admin:write:accounts': 'Moderate accounts.',
  'admin:write:federation': 'Change the rules for other servers.',
  'admin:write:curation': 'Pick posts and accounts for discovery.',
  'admin:write:instance': 'Change the settings of this server.',
  'admin:write:funding': 'Change the published costs, income and campaigns.',
  activitypub_account_portability: 'Let another server copy your account (LOLA).',
} as const;

/** Wire name of one scope. */
export type Scope = keyof typeof SCOPES;

const PARENTS: ReadonlySet<string> = new Set<Scope>(['read', 'write', 'admin:read', 'admin:write']);

/** Whether the text names a scope of this server. */
export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/**
 * Whether a granted scope satisfies a required one: the same, or its parent. `chat` and `account:*` have no parent,
 * and `read` does not include `admin:read`.
 */
export function includesScope(granted: string, required: string): boolean {
  return granted === required || (PARENTS.has(granted) && required.startsWith(`${granted}:`));
}

/** Whether any granted scope satisfies any of the required ones. An empty requirement is satisfied by nobody. */
export function hasAnyScope(granted: readonly string[], anyOf: readonly string[]): boolean {
  return anyOf.some((required) => granted.some((scope) => includesScope(scope, required)));
}
