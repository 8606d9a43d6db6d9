// People come: an account, its token, a profile with a face.
import { insertAccount } from '../../accounts/create-account.js';
import { readEmail } from '../../accounts/email-addresses.js';
import { issuePersonalToken } from '../../accounts/issue-personal-token.js';
import { hashPassword } from '../../accounts/passwords.js';
import { scopesOfRole } from '../../accounts/start-session.js';
import { updateSettings } from '../../accounts/update-settings.js';
import { readUsername } from '../../accounts/usernames.js';
import { updateProfile } from '../../actors/update-profile.js';
import { findPlacesByName } from '../../places/places.queries.js';
import type { Member } from './cast.js';
import type { PlannedMember } from './plan-people.js';
import { SEED_PASSWORD, seedToken } from './tokens.js';
import type { MediaId } from '../../media/media.entity.js';
import type { World } from './world.js';

/** Makes the account with its well-known token. No door of the server gives such a token. */
export async function join(world: World, member: Member, at: Date): Promise<void> {
  const context = world.context(at);
  const passwordHash = await hashPassword(SEED_PASSWORD);
  await context.database.transaction(async (tx) => {
    const created = await insertAccount(context, tx, {
      username: readUsername(member.username),
      email: readEmail(`${member.username}@people.example`),
      isEmailVerified: true,
      passwordHash,
      role: member.role,
      state: 'ACTIVE',
      language: member.language === 'fr' ? 'fr' : 'en',
      registrationReason: null,
      needsApproval: false,
      inviteId: null,
      hasAgreedToRules: true,
    });
    const account = { id: created.accountId, role: member.role };
    const input = { name: 'Seeded token', scopes: scopesOfRole(member.role), expiresAt: null };
    await issuePersonalToken(context, tx, account, input, seedToken(member.username));
  });
  world.tally.people += 1;
}

/** Says who they are, and what they want. */
export async function introduce(
  world: World,
  planned: PlannedMember,
  { at, ...pictures }: { at: Date; avatarMediaId: MediaId; headerMediaId: MediaId },
): Promise<void> {
  const { member } = planned;
  const context = await world.as(member.username, at);
  const [home] = await findPlacesByName(context.database, member.home, 1);
  if (home) world.places.set(member.home, home.id);
  await updateProfile(context, {
    ...pictures,
    displayName: member.name,
    bio: member.bio,
    pronouns: member.pronouns,
    fields: [
      { name: 'Home', value: home?.name ?? member.home },
      { name: 'Camera', value: planned.camera },
    ],
    isLocked: planned.isLocked,
    isDiscoverable: planned.isDiscoverable,
    isIndexable: planned.isDiscoverable,
  });
  await updateSettings(context, {
    timezone: home?.timezone ?? 'UTC',
    contentLanguages: [...new Set([member.language, 'en'])],
    requireAltText: true,
    reviewTags: planned.reviewsTags,
  });
}
