/** Facts about devices. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { ChatDeviceId } from './device.js';

/** A device and whose it is. */
export interface DeviceFact {
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
}

/** Live topic of somebody's devices. */
export function deviceTopic(actorId: ActorId): string {
  return `chat-devices:${actorId}`;
}

/** Somebody took a device into use. */
export const chatDeviceRegistered = defineEvent<DeviceFact>('chatDeviceRegistered');

/** Others can take a device into conversations from now on: its first key packages are there. */
export const chatDeviceReady = defineEvent<DeviceFact>('chatDeviceReady');

/** Somebody's device is no longer theirs: nothing may be encrypted to it any more. */
export const chatDeviceRevoked = defineEvent<DeviceFact>('chatDeviceRevoked', ({ actorId }) => [
  deviceTopic(actorId),
]);

/** Somebody said that a person of another server has a device, which their server has not shown. */
export const chatDeviceNamed = defineEvent<DeviceFact>('chatDeviceNamed');
