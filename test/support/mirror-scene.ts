// Somebody of here in an encrypted conversation that a scripted hub orders.
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { equipped, joined, lettersOf, type ChatDevice } from './encrypted-chat.js';
import type { FederatedNetwork } from './federation.js';
import type { MlsGroup } from './mls.js';
import { ScriptedHub } from './scripted-hub.js';
import type { World } from './world.js';

/** It as a test finds it. */
export interface MirrorScene extends AsyncDisposable {
  readonly hub: ScriptedHub;
  readonly bob: ChatDevice;
  readonly conversationId: string;
  group: MlsGroup;
}

/** Somebody of here with one device, of a name that nobody has. */
export async function someone(world: World, name: string): Promise<ChatDevice> {
  return equipped(world, await world.local(`${name}${randomUUID().slice(0, 8)}`));
}

/** Bob of here is let in by alice, whose server orders the conversation. */
export async function mirrorScene(
  network: FederatedNetwork,
  world: World,
  host: string,
): Promise<MirrorScene> {
  const hub = await ScriptedHub.start(network, host);
  const bob = await someone(world, 'bob');
  expect(await hub.tell(world, ...(await hub.welcome([bob], false)))).toEqual([202]);
  await world.settle();
  const welcome = (await lettersOf(bob)).find(({ kind }) => kind === 'WELCOME')!;
  const group = await joined(bob, welcome);
  const { conversationId } = welcome;
  const end = (): Promise<void> => hub[Symbol.asyncDispose]();
  return { hub, bob, conversationId, group, [Symbol.asyncDispose]: end };
}

/** What came for a device: where it stands, and what it is. */
export const sequencesOf = async (device: ChatDevice): Promise<string[]> =>
  (await lettersOf(device)).map(({ sequence, kind }) => `${sequence} ${kind}`);

/** A device as servers name it. */
export const nameOf = ({ uri, key }: ChatDevice): { actor: string; signatureKey: string } => {
  return { actor: uri, signatureKey: Buffer.from(key.publicKey).toString('base64') };
};
