/** Takes a revoked device out of its conversations. */
import type { ChatDeviceId } from '../../devices/device.js';
import { defineJob } from '../../platform/jobs/job.js';
import { leaveWithDevice } from '../leave-with-device.js';

/** Repeats find nothing left to do. */
export const leaveConversationsWithDevice = defineJob<{ deviceId: ChatDeviceId }>(
  'leaveConversationsWithDevice',
  (context, { deviceId }) => leaveWithDevice(context, deviceId),
  { keyOf: ({ deviceId }) => deviceId },
);
