/** Keeps what another server says of one of its actors. That it may say so is checked by whoever fetched it. */
import type { RemoteMedia } from '../media/add-remote-media.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { sanitizeHtml } from '../platform/sanitize-html.js';
import { cutText } from '../platform/storable-text.js';
import type { ActorKind } from './actor.entity.js';
import { profileUpdated } from './actors.events.js';
import { isPaymentAddress, type PaymentLink } from './payment-link.js';
import type { ActorStanding } from './set-actor-status.js';
import { saveRemotePictures } from './internal/save-remote-pictures.js';

/** A profile as its server tells it. */
export interface RemoteProfile {
  readonly uri: string;
  readonly url: string;
  readonly kind: ActorKind;
  readonly username: string;
  /** Lower case, ASCII. */
  readonly domain: string;
  readonly displayName: string;
  /** HTML as it came. */
  readonly bioHtml: string;
  /** Null = none, here and below. */
  readonly avatar: RemoteMedia | null;
  readonly header: RemoteMedia | null;
  readonly fields: readonly { readonly name: string; readonly valueHtml: string }[];
  /** At most 10 are kept. */
  readonly paymentLinks: readonly PaymentLink[];
  readonly isLocked: boolean;
  readonly isDiscoverable: boolean;
  readonly isIndexable: boolean;
  /** Identities of other accounts of the same person. */
  readonly alsoKnownAs: readonly string[];
  /** Null = the server does not say. */
  readonly joinedAt: Date | null;
}

const MOST_FIELDS = 16;
const MOST_PAYMENT_LINKS = 10;
const MOST_ALIASES = 32;
const LONGEST_NAME = 100;
const LONGEST_TEXT = 20_000;

/** Whoever is gone stays without what they said, whatever their server answers later. */
const unlessGone = (column: string, empty: string): string =>
  `${column} = case when actors.status = 'DELETED' then ${empty} else excluded.${column} end`;

// Whoever was proven last has the handle.
const FREE_HANDLE = statement(
  'actors.free_remote_handle',
  `update actors set username = left(username, 200) || '-' || left(id::text, 13)
   where lower(username) = lower($1) and domain = $2 and uri <> $3`,
);
const SAVE = statement(
  'actors.save_remote',
  `insert into actors (id, kind, username, domain, uri, url, display_name, bio_html, fields, is_locked, is_discoverable,
     is_indexable, also_known_as, status, joined_at, updated_at, payment_links)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, 'ACTIVE', $14, $15, $16::jsonb)
   on conflict (uri) do update set kind = excluded.kind, username = excluded.username, domain = excluded.domain,
     url = excluded.url, ${unlessGone('display_name', "''")}, ${unlessGone('bio_html', "''")}, ${unlessGone('fields', "'[]'")},
     ${unlessGone('payment_links', "'[]'")},
     is_locked = excluded.is_locked, is_discoverable = excluded.is_discoverable, is_indexable = excluded.is_indexable,
     ${unlessGone('also_known_as', "'{}'")}, updated_at = excluded.updated_at
   returning id as "actorId", id = $1 as "isNew", status, domain_severity = 'SUSPEND' as "isBarred"`,
);

/**
 * Adds or changes a remote actor inside the caller's transaction. Its status here stays what it is.
 *
 * @returns how it stands, before the rules about its server are asked
 */
export async function saveRemoteActor(
  tx: Transaction,
  profile: RemoteProfile,
  now: Date,
): Promise<ActorStanding> {
  const { username, domain, uri } = profile;
  await tx.rows(FREE_HANDLE, [username, domain, uri]);
  const fields = profile.fields.slice(0, MOST_FIELDS).map(({ name, valueHtml }) => ({
    name: cutText(name, LONGEST_NAME),
    source: '',
    valueHtml: sanitizeHtml(cutText(valueHtml, LONGEST_TEXT)),
    verifiedAt: null,
  }));
  const paymentLinks = profile.paymentLinks
    .filter(({ href }) => isPaymentAddress(href))
    .slice(0, MOST_PAYMENT_LINKS)
    .map(({ name, href }) => ({ name: cutText(name, LONGEST_NAME), href }));
  const row = await tx.row<ActorStanding & { readonly isNew: boolean }>(SAVE, [
    newId(now),
    profile.kind,
    username,
    domain,
    uri,
    profile.url,
    cutText(profile.displayName, LONGEST_NAME),
    sanitizeHtml(cutText(profile.bioHtml, LONGEST_TEXT)),
    JSON.stringify(fields),
    profile.isLocked,
    profile.isDiscoverable,
    profile.isIndexable,
    profile.alsoKnownAs.slice(0, MOST_ALIASES),
    profile.joinedAt ?? now,
    now,
    JSON.stringify(paymentLinks),
  ]);
  const { isNew, ...standing } = row!;
  const { actorId } = standing;
  const hasPictures = profile.avatar !== null || profile.header !== null;
  if (!isNew || hasPictures) await saveRemotePictures(tx, now, actorId, profile);
  if (!isNew) await tx.append(profileUpdated, { actorId });
  return standing;
}
