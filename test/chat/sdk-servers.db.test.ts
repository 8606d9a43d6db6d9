// People of several servers who chat encrypted by the client package: real HTTP, real signatures, and a hub that may be down.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { HubUnreachableError, NetworkError } from '../../sdk/src/client/errors.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { remoteActorGone } from '../../src/actors/actors.events.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { startLossyProxy } from '../support/lossy-proxy.js';
import { settlePauses } from '../support/notifications.js';
import { runScheduled } from '../support/scheduled.js';
import type { World } from '../support/world.js';
import { trustingEngine } from '../sdk/groups.js';
import { inside } from './device-inside.js';
import { between, deviceOf, textsOf } from './sdk-people.js';

const LAST_SAID = statement(
  'test.sdk_servers.last_said',
  `select ciphertext as bytes from chat_messages
   where conversation_id = $1 and kind = 'APPLICATION' order by sequence desc limit 1`,
);

describe('people of several servers who chat encrypted', () => {
  let network: FederatedNetwork;
  let [a, b, c]: World[] = [];
  beforeAll(async () => {
    network = openNetwork();
    a = await network.join('a.example');
    b = await network.join('b.example');
    c = await network.join('c.example');
  });
  afterAll(async () => {
    await network[Symbol.asyncDispose]();
  });

  /** Lets everything travel, and every device take what came. */
  async function exchange(...chats: readonly Chat[]): Promise<void> {
    await network.settle();
    for (const chat of chats) await chat.synchronise();
  }

  /** The conversation that a device has. */
  function only(chat: Chat): string {
    const [conversation, ...others] = chat.conversations();
    expect(others).toEqual([]);
    return conversation!.id;
  }

  async function secondOf(
    world: World,
    name: string,
    { identitySeed }: Chat,
    storage = new MemoryStorage(),
  ): Promise<Chat> {
    return deviceOf(world, name, storage, { identitySeed });
  }

  it('talk to each other from two devices each, in one order', async () => {
    const [alice, bob] = [await deviceOf(a!, 'alice'), await deviceOf(b!, 'bob')];
    const alice2 = await secondOf(a!, 'alice', alice);
    const bob2 = await secondOf(b!, 'bob', bob);
    const all = [alice, alice2, bob, bob2];
    await network.settle();
    const id = await alice.openDirect('bob@b.example');
    await alice.sendText(id, 'Hello Bob');
    await exchange(...all);
    await bob.sendText(only(bob), 'Hello Alice');
    await bob2.sendText(only(bob2), 'from my other one');
    await alice2.sendText(only(alice2), 'and from mine');
    await exchange(...all);
    const said = [
      'alice: Hello Bob',
      'bob: Hello Alice',
      'bob: from my other one',
      'alice: and from mine',
    ];
    for (const chat of all) expect(textsOf(chat, only(chat))).toEqual(said);
    expect(new Set(all.map((chat) => chat.groupCode(only(chat)))).size).toBe(1);
    expect(alice.people.safetyNumber(bob.self.actorUri)).toBe(
      bob.people.safetyNumber(alice.self.actorUri),
    );
    for (const chat of all) expect(chat.conversations()[0]!.doubts).toEqual([]);
  });

  it('see at once that somebody types, whichever server is the hub', async () => {
    const [hugo, ines] = [await deviceOf(a!, 'hugo'), await deviceOf(b!, 'ines')];
    await network.settle();
    await hugo.openDirect('ines@b.example');
    await exchange(hugo, ines);
    await ines.sendText(only(ines), 'accepted by writing');
    await exchange(hugo, ines);
    const stop = new AbortController();
    const running = [hugo, ines].map((chat) => chat.run(stop.signal));
    for (const [from, to] of [
      [hugo, ines],
      [ines, hugo],
    ] as const) {
      const typing = new Promise((resolve) => {
        const end = to.onNews((news) => {
          if (news.kind !== 'signal') return;
          end();
          resolve(news.signal);
        });
      });
      const again = setInterval(
        () => void from.signal(only(from), 'typing').catch(() => undefined),
        100,
      );
      expect(await typing).toEqual({ kind: 'typing', sender: from.self.actorUri });
      clearInterval(again);
    }
    stop.abort();
    await Promise.all(running);
  });

  it('in a group of three servers: talk, are sent away, leave', async () => {
    const [ada, ben, cleo] = [
      await deviceOf(a!, 'ada'),
      await deviceOf(b!, 'ben'),
      await deviceOf(c!, 'cleo'),
    ];
    const all = [ada, ben, cleo];
    await network.settle();
    const id = await ada.createGroup(['ben@b.example', 'cleo@c.example'], 'Kites');
    await exchange(...all);
    await ben.sendText(only(ben), 'from b');
    await cleo.sendText(only(cleo), 'from c');
    await exchange(...all);
    const said = ['ben: from b', 'cleo: from c'];
    for (const chat of all) expect(textsOf(chat, only(chat))).toEqual(said);
    await ben.renewKeys(only(ben));
    await exchange(...all);
    expect(new Set(all.map((chat) => chat.groupCode(only(chat)))).size).toBe(1);
    await ada.removeMembers(id, [ben.self.actorUri]);
    await ada.sendText(id, 'without ben');
    await exchange(...all);
    expect(textsOf(ben, only(ben))).toEqual(said);
    expect(textsOf(cleo, only(cleo))).toEqual([...said, 'ada: without ben']);
    await cleo.leave(only(cleo));
    await network.settle();
    await expect(ada.sendText(id, 'alone')).rejects.toThrow('Nobody else is here');
  });

  it('T23: while the hub is down what is written waits, and goes in its order when it is back', async () => {
    const [dan, eve] = [await deviceOf(a!, 'dan'), await deviceOf(b!, 'eve')];
    await network.settle();
    const id = await dan.openDirect('eve@b.example');
    await dan.sendText(id, 'hello');
    await exchange(dan, eve);
    const eves = only(eve);
    const neighbour = await deviceOf(b!, 'flo');
    const here = await eve.openDirect('flo');
    const { port } = new URL(a!.origin);
    network.cut('a.example');
    for (const text of ['one', 'two', 'three'])
      await expect(eve.sendText(eves, text)).rejects.toBeInstanceOf(HubUnreachableError);
    expect(eve.waitingFor(eves)).toBe('a.example');
    // What others order goes on.
    await eve.sendText(here, 'next door');
    await neighbour.synchronise();
    expect(textsOf(neighbour, here)).toEqual(['eve: next door']);
    await eve.synchronise();
    expect(eve.isWaiting).toBe(true);
    network.name('a.example', Number(port));
    await eve.synchronise();
    expect(eve.waitingFor(eves)).toBeNull();
    await exchange(dan, eve);
    for (const [chat, conversation] of [
      [dan, id],
      [eve, eves],
    ] as const)
      expect(textsOf(chat, conversation)).toEqual([
        'dan: hello',
        'eve: one',
        'eve: two',
        'eve: three',
      ]);
  });

  it('T27: a device that was revoked while the hub is down gets nothing more, and the hub hears of it', async () => {
    const [fred, gina] = [await deviceOf(a!, 'fred'), await deviceOf(b!, 'gina')];
    const stolen = new MemoryStorage();
    const gina2 = await secondOf(b!, 'gina', gina, stolen);
    await network.settle();
    const id = await fred.openDirect('gina@b.example');
    await fred.sendText(id, 'for both of them');
    await exchange(fred, gina, gina2);
    const { port } = new URL(a!.origin);
    network.cut('a.example');
    const person = await b!.local('gina');
    const revoked = await person.graphql(
      'mutation ($input: RevokeChatDeviceInput!) { revokeChatDevice(input: $input) { userErrors { code } } }',
      { input: { deviceId: gina2.self.deviceId } },
    );
    expect(revoked.data).toEqual({ revokeChatDevice: { userErrors: [] } });
    await b!.settle();
    network.name('a.example', Number(port));
    // The hub has not heard of it, and the text is encrypted for that device as well.
    await fred.sendText(id, 'for one of them');
    await exchange(fred, gina);
    expect(await atHub(id)).toEqual({ devices: 3, toRemove: 0 });
    const isOver = { name: 'DeviceRevokedError' };
    await expect(gina2.synchronise()).rejects.toMatchObject(isOver);
    b!.clock.advance(120);
    await runScheduled(b!, 'visitHubs');
    await network.settle();
    expect(await atHub(id)).toEqual({ devices: 2, toRemove: 1 });
    await fred.maintain();
    expect(await atHub(id)).toEqual({ devices: 2, toRemove: 0 });
    await fred.sendText(id, 'for one of them only');
    await exchange(fred, gina);
    const first = 'fred: for both of them';
    const rest = ['fred: for one of them', 'fred: for one of them only'];
    expect(textsOf(gina, only(gina))).toEqual([first, ...rest]);
    await expect(gina2.synchronise()).rejects.toMatchObject(isOver);
    expect(textsOf(gina2, only(gina2))).toEqual([first]);
    // Not even who takes the text itself can read it with what that device has.
    const [last] = await a!.services.database.rows<{ bytes: Buffer }>(LAST_SAID, [
      parseGlobalId(id)!.id,
    ]);
    const group = (await inside(stolen)).group(only(gina2));
    await expect((await trustingEngine()).receive(group, last!.bytes)).rejects.toThrow();
  });

  /** How many devices the server that orders a conversation counts in it, and wants to be removed. */
  async function atHub(id: string): Promise<{ devices: number; toRemove: number }> {
    const { data } = await (
      await a!.local('fred')
    ).graphql<{ node: { devices: object[]; devicesToRemove: object[] } }>(
      'query ($id: ID!) { node(id: $id) { ... on Conversation { devices { id } devicesToRemove { id } } } }',
      { id },
    );
    const { devices, devicesToRemove } = data.node;
    return { devices: devices.length, toRemove: devicesToRemove.length };
  }

  it('whoever is gone from another server is out of the groups that this one orders', async () => {
    const [max, oli] = [await deviceOf(a!, 'max'), await deviceOf(a!, 'oli')];
    const nia = await deviceOf(b!, 'nia');
    await network.settle();
    const id = await max.createGroup(['oli', 'nia@b.example']);
    await exchange(max, oli, nia);
    const actorId = (await a!.services.peers.findActor(nia.self.actorUri))!;
    await a!.services.database.transaction((tx) => tx.append(remoteActorGone, { actorId }));
    await network.settle();
    await max.maintain();
    expect(max.conversations()[0]!.members).not.toContain(nia.self.actorUri);
    await max.sendText(id, 'without nia');
    await exchange(max, oli, nia);
    expect(textsOf(oli, only(oli))).toEqual(['max: without nia']);
    expect(textsOf(nia, only(nia))).toEqual([]);
  });

  it('T22: eight committers on three servers, outages and lost answers: one state, and nobody starves', async () => {
    const people = ['h1', 'h2', 'h3', 'i1', 'i2', 'i3', 'j1', 'j2'];
    const worldOf = (name: string): World => (name < 'i' ? a! : name < 'j' ? b! : c!);
    const chats: Chat[] = [];
    let overtaken = 0;
    const counting = between((asked, answer) => {
      if (asked === 'CommitConversation' && answer.includes('STALE_EPOCH')) overtaken += 1;
      return answer;
    });
    for (const name of people)
      chats.push(await deviceOf(worldOf(name), name, new MemoryStorage(), {}, { fetch: counting }));
    await network.settle();
    const others = people
      .slice(1)
      .map((name) => `${name}@${worldOf(name).services.config.publicUrl.host}`);
    const id = await chats[0]!.createGroup(others);
    await exchange(...chats);
    const home = Number(new URL(a!.origin).port);
    await using proxy = await startLossyProxy(home, { path: /submit$/, every: 10 });
    network.name('a.example', proxy.port);
    const stop = new AbortController();
    const travelling = keepTravelling(network, stop.signal);
    const work = chats.map(async (chat, index) => {
      for (const round of [1, 2]) {
        await insistently(() => chat.renewKeys(only(chat)));
        await insistently(() => chat.synchronise());
        await chat.sendText(only(chat), `${people[index]} ${round}`).catch(unlessSilent);
        await insistently(() => chat.synchronise());
      }
    });
    // The hub is away, and cannot reach one of the others either.
    network.cut('a.example');
    network.cut('b.example');
    await heardNothing(3);
    network.name('a.example', proxy.port);
    network.name('b.example', Number(new URL(b!.origin).port));
    a!.clock.advance(120);
    await settlePauses(a!);
    await Promise.all(work);
    stop.abort();
    await travelling;
    network.name('a.example', home);
    await exchange(...chats);
    await exchange(...chats);
    expect(proxy.lost).toBeGreaterThan(0);
    expect(overtaken).toBeGreaterThan(0);
    const [texts, ...rest] = chats.map((chat) => textsOf(chat, only(chat)));
    expect(texts).toHaveLength(16);
    expect(new Set(texts).size).toBe(16);
    for (const other of rest) expect(other).toEqual(texts);
    expect(new Set(chats.map((chat) => chat.groupCode(only(chat)))).size).toBe(1);
    expect(chats[0]!.conversations()[0]!.id).toBe(id);
  }, 300_000);
});

/** Runs what is due everywhere, as workers would. */
async function keepTravelling(network: FederatedNetwork, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await network.settle();
}

/** Does it again as long as the server of the conversation does not answer. */
async function insistently(work: () => Promise<void>): Promise<void> {
  for (;;)
    try {
      return await work();
    } catch (fault) {
      unlessSilent(fault);
    }
}

/** Whoever waits until the server of a conversation has not answered so often. */
const waiting: { left: number; readonly done: () => void }[] = [];

/** Resolves once it has not answered so often from now on. */
function heardNothing(times: number): Promise<void> {
  return new Promise((done) => waiting.push({ left: times, done }));
}

function unlessSilent(fault: unknown): void {
  // Whoever was overtaken so often that the client package gives up has starved.
  if (!(fault instanceof NetworkError) || fault.message.startsWith('Others change')) throw fault;
  for (const one of waiting) if (--one.left === 0) one.done();
}
