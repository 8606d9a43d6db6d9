/** Changes what others see of a person. Absent = unchanged, null = cleared. */
import { attachMedia, releaseMedia } from '../media/attach-media.js';
import type { MediaId, MediaPurpose } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { oneLine } from '../platform/one-line.js';
import { Actor, type ActorKind } from './actor.entity.js';
import { profileUpdated } from './actors.events.js';
import { isPaymentAddress, type PaymentLink } from './payment-link.js';
import { renderBio, renderFieldValue } from './internal/profile-text.js';

/** A line of the profile as typed. */
export interface ProfileFieldInput {
  readonly name: string;
  readonly value: string;
}

/** What to change. */
export interface UpdateProfileInput {
  readonly displayName?: string | null;
  readonly bio?: string | null;
  readonly pronouns?: string | null;
  readonly fields?: readonly ProfileFieldInput[] | null;
  readonly paymentLinks?: readonly PaymentLink[] | null;
  readonly isLocked?: boolean | null;
  readonly isDiscoverable?: boolean | null;
  readonly isIndexable?: boolean | null;
  readonly kind?: ActorKind | null;
  /** An uploaded picture of the viewer with purpose AVATAR; the one before is released. */
  readonly avatarMediaId?: MediaId | null;
  /** The same with purpose HEADER. */
  readonly headerMediaId?: MediaId | null;
}

/** Longest texts, in characters as people count them, and the number of fields. */
export const PROFILE_LIMITS = {
  displayName: 50,
  bio: 500,
  pronouns: 40,
  fields: 6,
  fieldName: 60,
  fieldValue: 255,
  paymentLinks: 5,
} as const;

/** Kinds that a person may choose; groups and services are made otherwise. */
const CHOOSABLE_KINDS: readonly ActorKind[] = ['PERSON', 'ORGANIZATION', 'BOT'];

// Of two changes at once the second one lets go of the picture that the first one put in its place.
const LOCK = statement('actors.lock', 'select 1 from actors where id = $1 for no key update');

/**
 * Updates the viewer's profile. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT with the field and its limit
 * @throws {NotFound} NOT_FOUND for a picture that is not the viewer's or not for this place
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS
 */
export async function updateProfile(
  context: CommandContext,
  input: UpdateProfileInput,
): Promise<void> {
  const viewer = requireViewer(context);
  check(input);
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK, [viewer.actorId]);
    const actor = await tx.em.findOneOrFail(Actor, { id: viewer.actorId });
    applyTexts(actor, input);
    applyChoices(actor, input);
    await changePicture(tx, context, actor, 'avatarMediaId', 'AVATAR', input.avatarMediaId);
    await changePicture(tx, context, actor, 'headerMediaId', 'HEADER', input.headerMediaId);
    actor.updatedAt = context.clock.now();
    await announce(tx, actor);
  });
}

/** Says that a profile changed, inside the transaction that changed it. */
async function announce(tx: Transaction, actor: Actor): Promise<void> {
  await tx.append(profileUpdated, { actorId: actor.id });
}

function applyTexts(actor: Actor, input: UpdateProfileInput): void {
  if (input.displayName !== undefined) actor.displayName = oneLine(input.displayName ?? '');
  if (input.pronouns !== undefined) actor.pronouns = oneLine(input.pronouns ?? '') || null;
  if (input.bio !== undefined) {
    actor.bioSource = input.bio?.trim() || null;
    actor.bioHtml = actor.bioSource === null ? '' : renderBio(actor.bioSource);
  }
  if (input.fields !== undefined) actor.fields = keepVerified(actor, input.fields ?? []);
  if (input.paymentLinks !== undefined)
    actor.paymentLinks = (input.paymentLinks ?? []).map(({ name, href }) => ({
      name: oneLine(name),
      href: href.trim(),
    }));
}

function applyChoices(actor: Actor, input: UpdateProfileInput): void {
  if (input.isLocked != null) actor.isLocked = input.isLocked;
  if (input.isDiscoverable != null) actor.isDiscoverable = input.isDiscoverable;
  if (input.isIndexable != null) actor.isIndexable = input.isIndexable;
  if (input.kind != null) actor.kind = input.kind;
}

/** Puts a picture in its place, or takes it away, and lets go of the one before. */
async function changePicture(
  tx: Transaction,
  context: CommandContext,
  actor: Actor,
  place: 'avatarMediaId' | 'headerMediaId',
  purpose: MediaPurpose,
  mediaId: MediaId | null | undefined,
): Promise<void> {
  const before = actor[place];
  if (mediaId === undefined || mediaId === before) return;
  const now = context.clock.now();
  if (mediaId !== null) {
    const attached = { ownerId: actor.id, purpose, access: 'PUBLIC' as const };
    await attachMedia(tx, now, { ...attached, mediaIds: [mediaId], pathOf: () => [place] });
  }
  actor[place] = mediaId;
  if (before) await releaseMedia(tx, now, [before]);
}

/** A line that stays as it was stays verified. */
function keepVerified(actor: Actor, fields: readonly ProfileFieldInput[]): Actor['fields'] {
  return fields.map(({ name, value }) => {
    const source = oneLine(value);
    const before = actor.fields.find((field) => field.source === source);
    return {
      name: oneLine(name),
      source,
      valueHtml: renderFieldValue(source),
      verifiedAt: before?.verifiedAt ?? null,
    };
  });
}

function check(input: UpdateProfileInput): void {
  atMost(input.displayName, PROFILE_LIMITS.displayName, ['displayName']);
  atMost(input.pronouns, PROFILE_LIMITS.pronouns, ['pronouns']);
  atMost(input.bio, PROFILE_LIMITS.bio, ['bio']);
  if (input.kind != null && !CHOOSABLE_KINDS.includes(input.kind)) {
    throw new Invalid(
      'This kind cannot be chosen.',
      ['kind'],
      'ONE_OF',
      CHOOSABLE_KINDS.join(', '),
    );
  }
  const fields = input.fields ?? [];
  if (fields.length > PROFILE_LIMITS.fields) {
    throw new Invalid(
      `At most ${PROFILE_LIMITS.fields} fields.`,
      ['fields'],
      'MAX_ITEMS',
      String(PROFILE_LIMITS.fields),
    );
  }
  fields.forEach(({ name, value }, index) => {
    if (oneLine(name) === '')
      throw new Invalid('A field needs a name.', ['fields', String(index), 'name'], 'REQUIRED');
    atMost(name, PROFILE_LIMITS.fieldName, ['fields', String(index), 'name']);
    atMost(value, PROFILE_LIMITS.fieldValue, ['fields', String(index), 'value']);
  });
  checkPaymentLinks(input.paymentLinks ?? []);
}

function checkPaymentLinks(links: readonly PaymentLink[]): void {
  const most = PROFILE_LIMITS.paymentLinks;
  if (links.length > most)
    throw new Invalid(`At most ${most} links.`, ['paymentLinks'], 'MAX_ITEMS', String(most));
  links.forEach(({ name, href }, index) => {
    const path = ['paymentLinks', String(index)];
    if (oneLine(name) === '')
      throw new Invalid('A link needs a name.', [...path, 'name'], 'REQUIRED');
    atMost(name, PROFILE_LIMITS.fieldName, [...path, 'name']);
    if (!isPaymentAddress(href.trim()))
      throw new Invalid('An https address or a payto: one.', [...path, 'href'], 'URL');
  });
}

function atMost(text: string | null | undefined, limit: number, path: string[]): void {
  if (text != null && [...text].length > limit) {
    throw new Invalid(`At most ${limit} characters.`, path, 'MAX_LENGTH', String(limit));
  }
}
