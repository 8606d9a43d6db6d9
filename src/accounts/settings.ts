/** What a person has set for themselves: read with the defaults filled in, whatever an older version stored. */
import { z } from 'zod';
import {
  COMMENT_POLICIES,
  QUOTE_POLICIES,
  REMIX_POLICIES,
  VISIBILITIES,
  type CommentPolicy,
  type QuotePolicy,
  type RemixPolicy,
  type Visibility,
} from '../actors/visibility.js';
import type { AccountRow } from './accounts.queries.js';

/** How media behind a content warning is shown. */
export const SENSITIVE_DISPLAYS = {
  SHOW: 'Shown at once.',
  WARN: 'Covered until it is asked for.',
  HIDE: 'Left out of timelines.',
} as const;

/** When moving pictures start by themselves. */
export const AUTOPLAYS = {
  ALWAYS: 'Always.',
  WIFI: 'Where the network costs nothing by volume.',
  NEVER: 'Never.',
} as const;

/** Who may tag somebody in pictures. */
export const TAG_POLICIES = {
  EVERYONE: 'Everyone whose post the person may see.',
  FOLLOWING: 'People whom the person follows.',
  NOBODY: 'Nobody.',
} as const;

/** One of the policies. */
export type TagPolicy = keyof typeof TAG_POLICIES;

/** One of the ways. */
export type SensitiveDisplay = keyof typeof SENSITIVE_DISPLAYS;

/** One of the choices. */
export type Autoplay = keyof typeof AUTOPLAYS;

const namesOf = <Name extends string>(table: Readonly<Record<Name, string>>) =>
  z.enum(Object.keys(table) as [Name]);

/** Each setting alone falls back to its default: one that is not understood does not cost the others. */
const STORED = z.object({
  timezone: z.string().catch('UTC'),
  contentLanguages: z.array(z.string()).catch([]),
  defaultVisibility: namesOf<Visibility>(VISIBILITIES).catch('PUBLIC'),
  defaultCommentPolicy: namesOf<CommentPolicy>(COMMENT_POLICIES).catch('EVERYONE'),
  defaultQuotePolicy: namesOf<QuotePolicy>(QUOTE_POLICIES).catch('EVERYONE'),
  defaultDuetPolicy: namesOf<RemixPolicy>(REMIX_POLICIES).catch('EVERYONE'),
  defaultStitchPolicy: namesOf<RemixPolicy>(REMIX_POLICIES).catch('EVERYONE'),
  defaultSoundPolicy: namesOf<RemixPolicy>(REMIX_POLICIES).catch('EVERYONE'),
  defaultSensitive: z.boolean().catch(false),
  requireAltText: z.boolean().catch(false),
  showSensitive: namesOf<SensitiveDisplay>(SENSITIVE_DISPLAYS).catch('WARN'),
  autoplay: namesOf<Autoplay>(AUTOPLAYS).catch('WIFI'),
  reduceMotion: z.boolean().catch(false),
  hideFollowLists: z.boolean().catch(false),
  hideCounts: z.boolean().catch(false),
  hideOthersCounts: z.boolean().catch(false),
  allowTagsFrom: namesOf<TagPolicy>(TAG_POLICIES).catch('EVERYONE'),
  reviewTags: z.boolean().catch(true),
  keepPlaybackHistory: z.boolean().catch(true),
});

/** Everything that is kept in the `settings` column. */
export type StoredSettings = z.infer<typeof STORED>;

/** All settings of a person. */
export interface Settings extends StoredSettings {
  /** BCP 47; of messages and mails. */
  readonly language: string;
}

/** The settings of an account, complete. */
export function accountSettings(account: Pick<AccountRow, 'settings' | 'language'>): Settings {
  return { language: account.language, ...STORED.parse(account.settings ?? {}) };
}
