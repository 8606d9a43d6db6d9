/** Takes a revoked device out of its conversations. */
import type { ChatDeviceId } from '../../devices/device.js';
import { defineJob } from '../../platform/jobs/job.js';
import { leaveMirrorsWithDevice } from '../leave-mirrors-with-device.js';
import { leaveWithDevice } from '../leave-with-device.js';

/** Repeats find nothing left to do. */
export const leaveConversationsWithDevice = defineJob<{ deviceId: ChatDeviceId }>(
  'leaveConversationsWithDevice',
  async (context, { deviceId }) => {
    await leaveMirrorsWithDevice(context, deviceId);
    await leaveWithDevice(context, deviceId);
  },
  { keyOf: ({ deviceId }) => deviceId },
);
