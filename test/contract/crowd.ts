// Many local people, quickly: they come in by the command that makes accounts, without a password, and act by commands.
import type { AccountId } from '../../src/accounts/account.entity.js';
import { insertAccount, type NewAccount } from '../../src/accounts/create-account.js';
import { parseEmail } from '../../src/accounts/email-addresses.js';
import type { SessionId } from '../../src/accounts/session.entity.js';
import { updateProfile } from '../../src/actors/update-profile.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { toCommandContext } from '../../src/app/request-context.js';
import type { CommandContext } from '../../src/platform/context.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { innerId, readyPicture } from '../support/posts.js';
import type { World } from '../support/world.js';

/** Somebody of the crowd. */
export interface Extra {
  readonly username: string;
  readonly accountId: AccountId;
  readonly actorId: ActorId;
  readonly actorGlobalId: string;
  /** What a command gets when this person calls it. */
  readonly context: CommandContext;
}

/** Brings in `size` people with avatars, or people who wait to be let in. */
export async function newCrowd(
  world: World,
  name: string,
  size: number,
  state: NewAccount['state'] = 'ACTIVE',
): Promise<Extra[]> {
  const people: Extra[] = [];
  for (let number = 1; number <= size; number++) {
    const person = await newExtra(world, `${name}_${number}`, state);
    people.push(person);
    if (state !== 'ACTIVE') continue;
    const avatar = await readyPicture(world, person, { purpose: 'AVATAR' });
    await updateProfile(person.context, { avatarMediaId: innerId(avatar) as MediaId });
  }
  return people;
}

async function newExtra(
  { services }: World,
  username: string,
  state: NewAccount['state'],
): Promise<Extra> {
  const created = await services.database.transaction((tx) =>
    insertAccount(services, tx, {
      username,
      email: parseEmail(`${username}@people.example`)!,
      passwordHash: 'none',
      isEmailVerified: true,
      role: 'USER',
      state,
      needsApproval: state === 'AWAITING_APPROVAL',
      language: 'en',
      registrationReason: null,
      inviteId: null,
      hasAgreedToRules: true,
    }),
  );
  const sessionId: SessionId = newId<'session'>(services.clock.now());
  const viewer = { ...created, sessionId, role: 'USER' as const, scopes: [] };
  return {
    username,
    ...created,
    actorGlobalId: toGlobalId('actor', created.actorId),
    context: toCommandContext(services, viewer, { headers: {}, clientAddress: null }),
  };
}
