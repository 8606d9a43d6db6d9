/** Tells a person that a device can read their encrypted chats from now on. */
import { findAccountOfActor } from '../../accounts/accounts.queries.js';
import { sendLetter, speakerOf } from '../../accounts/letters.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ChatDeviceId } from '../device.js';

// The first device of a further identity is the one that brought it.
const DEVICE = statement(
  'chat_devices.for_notice',
  `select d.actor_id as "actorId", d.name, d.platform, d.identity_version > 1 and not exists (
     select from chat_devices former where former.actor_id = d.actor_id and former.identity_version = d.identity_version
       and former.id < d.id) as "replacesIdentity"
   from chat_devices d where d.id = $1`,
);

interface NewDevice {
  readonly actorId: ActorId;
  readonly name: string;
  readonly platform: string;
  readonly replacesIdentity: boolean;
}

/** A repeat sends another letter. */
export const sendChatDeviceNotice = defineJob<{ deviceId: ChatDeviceId }>(
  'sendChatDeviceNotice',
  async (context, { deviceId }) => {
    const device = await context.database.row<NewDevice>(DEVICE, [deviceId]);
    const account = device && (await findAccountOfActor(context.database, device.actorId));
    if (!account) return;
    const say = speakerOf(account);
    const { name, platform, replacesIdentity } = device;
    const what = replacesIdentity ? 'replaced' : 'added';
    await sendLetter(context, account, {
      to: account.email,
      subject: say(`letter.chatDevice.subject.${what}`),
      paragraphs: [
        say(`letter.chatDevice.${what}`, { name, platform }),
        say('letter.chatDevice.notYou'),
      ],
    });
  },
);
