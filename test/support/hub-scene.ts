// Encrypted conversations that a server of ours orders, between somebody of here and people of two scripted servers.
import { randomUUID } from 'node:crypto';
import {
  begin,
  equipped,
  packagesOf,
  sendCommit,
  type ChatDevice,
  type Seat,
} from './encrypted-chat.js';
import { startFakePeer, type FakePeer } from './fake-peer.js';
import { openNetwork } from './federation.js';
import { makeGroupId, MlsGroup } from './mls.js';
import { innerId } from './posts.js';
import {
  asPerson,
  askSigned,
  strangerOn,
  type Reply,
  type Stranger,
  type Told,
} from './strange-chat.js';
import type { Person, World } from './world.js';

/** The hub and the servers that know it. */
export interface HubStage extends AsyncDisposable {
  readonly a: World;
  readonly b: FakePeer;
  readonly c: FakePeer;
  /** Stops them. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a network of the three. */
export async function openHubStage(): Promise<HubStage> {
  await using stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  const a = await network.join('a.example');
  const b = stack.use(await startFakePeer(network, 'b.example'));
  const c = stack.use(await startFakePeer(network, 'c.example'));
  const owned = stack.move();
  return { a, b, c, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A conversation of ada, of a, with ben of b and, in a group, cat of c. */
export interface HubScene {
  readonly world: World;
  readonly ada: ChatDevice;
  readonly ben: Stranger;
  readonly cat: Stranger;
  /** Ben and cat as people of a know them. */
  readonly people: readonly [Person, Person];
  readonly seat: Seat;
  readonly uri: string;
  readonly path: string;
}

let scenes = 0;

/** Begins one, whose Welcome has been told. */
export async function hubScene({ a, b, c }: HubStage, isGroup = true): Promise<HubScene> {
  const number = (scenes += 1);
  const ada = await equipped(a, await a.local(`ada${number}`));
  const ben = await strangerOn(b, `ben${number}`, a.clock.now());
  const cat = await strangerOn(c, `cat${number}`, a.clock.now());
  const people = [await asPerson(ada.who, b, ben), await asPerson(ada.who, c, cat)] as const;
  const seat = await seatOf(ada, isGroup ? people : people.slice(0, 1), isGroup);
  await a.settle();
  const path = `/conversations/${innerId(seat.conversationId)}`;
  return { world: a, ada, ben, cat, people, seat, path, uri: `https://a.example${path}` };
}

async function seatOf(ada: ChatDevice, others: readonly Person[], isGroup: boolean): Promise<Seat> {
  const groupId = makeGroupId();
  const { conversation, userErrors } = await begin(ada, groupId, others, isGroup);
  if (!conversation) throw new Error(JSON.stringify(userErrors));
  const group = await MlsGroup.begin(groupId, ada.packages[0]!);
  const made = await group.commit({ add: await packagesOf(ada, ...others) });
  const told = await sendCommit(ada, conversation.id, 0, made);
  if (!told.message) throw new Error(JSON.stringify(told.userErrors));
  return { device: ada, conversationId: conversation.id, group: made.next };
}

/** What somebody's device asks of the hub. */
export function submit(
  { world, path }: Pick<HubScene, 'world' | 'path'>,
  who: Stranger,
  more: object,
): Promise<Reply> {
  return askSigned(world, who.actor, `${path}/submit`, { device: who.signatureKey, ...more });
}

/** Says something as somebody of another server. */
export async function write(
  where: HubScene,
  who: Stranger,
  group: MlsGroup,
  text: string,
): Promise<Reply> {
  const { data } = await group.write(text);
  const message = { kind: 'message', clientMessageId: randomUUID(), data: data.toString('base64') };
  return submit(where, who, message);
}

/** What was told, and where it stands. */
export const placesOf = (told: readonly Told[]): (readonly [string, string, number])[] =>
  told.map(({ type, object }) => [type, object.kind, object.seq]);
