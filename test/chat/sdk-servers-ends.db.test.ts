// People of several servers whose conversation takes a turn: it is begun anew, a device comes back, somebody leaves.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { settlePauses } from '../support/notifications.js';
import type { World } from '../support/world.js';
import { commitDamaged } from './device-inside.js';
import { deviceOf, noticedIn, signedIn, textsOf } from './sdk-people.js';

const LAST_SAID = statement(
  'test.sdk_servers_ends.last_said',
  `select replace(encode(ciphertext, 'base64'), e'\\n', '') as content from chat_messages
   where conversation_id = $1 and kind = 'APPLICATION' order by sequence desc limit $2`,
);
const SWAP_UNTOLD = statement(
  'test.swap_untold',
  `update sent_activities said set body = replace(replace(replace(body, $1, '@'), $2, $1), '@', $2)
   where exists (select from deliveries d where d.activity_id = said.id and d.state = 'PENDING')`,
);

/** What was said last in a conversation, as its hub was given it, the oldest first, in base64. */
async function lastSaid({ services }: World, id: string, count: number): Promise<string[]> {
  const values = [parseGlobalId(id)!.id, count];
  const rows = await services.database.rows<{ content: string }>(LAST_SAID, values);
  return rows.map(({ content }) => content).toReversed();
}

describe('conversations of several servers', () => {
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

  async function exchange(...chats: readonly Chat[]): Promise<void> {
    await network.settle();
    for (const chat of chats) await chat.synchronise();
  }

  const only = (chat: Chat): string => chat.conversations()[0]!.id;
  const kinds = (chat: Chat): string[] => noticedIn(chat, only(chat)).map(({ kind }) => kind);
  const codes = (...chats: readonly Chat[]): Set<string> =>
    new Set(chats.map((chat) => chat.groupCode(only(chat))));

  it.each([
    ['the server that orders them', 0],
    ['another server', 1],
  ] as const)('T25: are begun anew from %s, and go on for all', async (_where, index) => {
    const names = [`ada${index}`, `ben${index}`];
    const [ada, ben] = [await deviceOf(a!, names[0]!), await deviceOf(b!, names[1]!)];
    await network.settle();
    await ada.openDirect(`${names[1]}@b.example`);
    await ada.sendText(only(ada), 'in the old one');
    await exchange(ada, ben);
    const chooser = [ada, ben][index]!;
    await chooser.resetConversation(only(chooser));
    await exchange(ada, ben);
    for (const chat of [ada, ben]) expect(kinds(chat)).toContain('reset');
    await ada.sendText(only(ada), 'in the new one');
    await exchange(ada, ben);
    await ben.sendText(only(ben), 'here as well');
    await exchange(ada, ben);
    const said = ['in the old one', 'in the new one', 'here as well'];
    for (const chat of [ada, ben])
      expect(textsOf(chat, only(chat)).map((text) => text.split(': ')[1])).toEqual(said);
    expect(codes(ada, ben).size).toBe(1);
    for (const chat of [ada, ben]) expect(chat.conversations()[0]!.doubts).toEqual([]);
  });

  it('T25: of three servers that a commit nobody can follow has stopped are begun anew by their admin, with everybody who was in', async () => {
    const storage = new MemoryStorage();
    const [cyd, dan, eve] = [
      await deviceOf(a!, 'cyd'),
      await deviceOf(b!, 'dan', storage),
      await deviceOf(c!, 'eve'),
    ];
    const all = [cyd, dan, eve];
    await network.settle();
    await cyd.createGroup(['dan@b.example', 'eve@c.example'], 'Kites');
    await exchange(...all);
    await dan.sendText(only(dan), 'in the old one');
    await exchange(...all);
    await commitDamaged(await signedIn(b!, 'dan'), dan, storage, only(dan));
    await exchange(...all);
    for (const chat of all) {
      expect(kinds(chat)).toEqual(['stuck']);
      expect(chat.conversations()[0]!.isBroken).toBe(true);
      await expect(chat.sendText(only(chat), 'anybody?')).rejects.toThrow('come back');
    }
    await expect(eve.repair(only(eve))).rejects.toThrow('FORBIDDEN');
    expect(await cyd.repair(only(cyd))).toBe('reset');
    await exchange(...all);
    await dan.sendText(only(dan), 'in the new one');
    await exchange(...all);
    for (const chat of all) {
      expect(textsOf(chat, only(chat))).toEqual(['dan: in the old one', 'dan: in the new one']);
      expect(chat.conversations()[0]).toMatchObject({ title: 'Kites', isBroken: false });
      expect(chat.conversations()[0]!.members).toHaveLength(3);
    }
    expect(codes(...all).size).toBe(1);
  });

  it('T26: show that their hub tells two servers two orders', async () => {
    const [pia, quy, rob] = [
      await deviceOf(a!, 'pia'),
      await deviceOf(b!, 'quy'),
      await deviceOf(c!, 'rob'),
    ];
    const all = [pia, quy, rob];
    await network.settle();
    await pia.createGroup(['quy@b.example', 'rob@c.example']);
    await exchange(...all);
    await pia.sendText(only(pia), 'zero');
    await exchange(...all);
    const { port } = new URL(c!.origin);
    network.cut('c.example');
    for (const text of ['one', 'two']) await pia.sendText(only(pia), text);
    await exchange(pia, quy);
    // The hub has told one server what was said; the other one, which was away, it tells the same things in another order.
    const [one, two] = await lastSaid(a!, only(pia), 2);
    await a!.services.database.rows(SWAP_UNTOLD, [one, two]);
    network.name('c.example', Number(port));
    a!.clock.advance(120);
    await settlePauses(a!);
    await exchange(...all);
    expect(textsOf(quy, only(quy))).toEqual(['pia: zero', 'pia: one', 'pia: two']);
    expect(textsOf(rob, only(rob))).toEqual(['pia: zero', 'pia: two', 'pia: one']);
    for (const chat of all) expect(kinds(chat)).toEqual([]);
    // Whatever the first of them says next shows it to the others.
    await quy.sendText(only(quy), 'three');
    await exchange(...all);
    expect(noticedIn(rob, only(rob))).toMatchObject([
      { kind: 'otherHistory', identity: quy.self.actorUri },
    ]);
    expect(kinds(pia)).toEqual([]);
    await rob.sendText(only(rob), 'four');
    await exchange(...all);
    for (const chat of [pia, quy])
      expect(noticedIn(chat, only(chat))).toMatchObject([
        { kind: 'otherHistory', identity: rob.self.actorUri },
      ]);
  });

  it('take back a device that lost its state, though another server orders them', async () => {
    const storage = new MemoryStorage();
    const [fay, gil] = [await deviceOf(a!, 'fay'), await deviceOf(b!, 'gil', storage)];
    await network.settle();
    await fay.openDirect('gil@b.example');
    await exchange(fay, gil);
    const old = new MemoryStorage();
    await old.write(await storage.read(''));
    await fay.renewKeys(only(fay));
    await exchange(fay, gil);
    await fay.renewKeys(only(fay));
    await exchange(fay, gil);
    const back = await deviceOf(b!, 'gil', old);
    await fay.renewKeys(only(fay));
    await exchange(fay, back);
    expect(back.conversations()[0]!.isBroken).toBe(true);
    expect(await back.repair(only(back))).toBe('returned');
    await exchange(fay, back);
    await fay.sendText(only(fay), 'welcome back');
    await exchange(fay, back);
    await back.sendText(only(back), 'here I am');
    await exchange(fay, back);
    for (const chat of [fay, back])
      expect(textsOf(chat, only(chat))).toEqual(['fay: welcome back', 'gil: here I am']);
    expect(kinds(fay)).toContain('returned');
    expect(codes(fay, back).size).toBe(1);
  });

  it('take in a new device of somebody who lost all others, though another server orders them', async () => {
    const [kai, lea] = [await deviceOf(a!, 'kai'), await deviceOf(b!, 'lea')];
    const moe = await deviceOf(c!, 'moe');
    await network.settle();
    await kai.createGroup(['lea@b.example', 'moe@c.example']);
    await exchange(kai, lea, moe);
    await lea.sendText(only(lea), 'before');
    const { identitySeed } = lea;
    await lea.revokeDevice(lea.self.deviceId);
    const back = await deviceOf(b!, 'lea', new MemoryStorage(), { identitySeed });
    await network.settle();
    expect(await back.comeBack()).toHaveLength(1);
    await exchange(kai, moe, back);
    await back.sendText(only(back), 'here again');
    await exchange(kai, moe, back);
    await moe.sendText(only(moe), 'welcome back');
    await exchange(kai, moe, back);
    for (const chat of [kai, moe]) {
      const said = ['lea: before', 'lea: here again', 'moe: welcome back'];
      expect(textsOf(chat, only(chat))).toEqual(said);
      expect(kinds(chat)).toContain('returned');
    }
    expect(textsOf(back, only(back))).toEqual(['lea: here again', 'moe: welcome back']);
    expect(codes(kai, moe, back).size).toBe(1);
  });

  it('T27: are left with all devices of a person, which hear of it, as do the others', async () => {
    const [hal, ida] = [await deviceOf(a!, 'hal'), await deviceOf(b!, 'ida')];
    const { identitySeed } = ida;
    const ida2 = await deviceOf(b!, 'ida', new MemoryStorage(), { identitySeed });
    const jim = await deviceOf(c!, 'jim');
    await network.settle();
    await hal.createGroup(['ida@b.example', 'jim@c.example']);
    const all = [hal, ida, ida2, jim];
    await exchange(...all);
    await ida.leave(only(ida));
    await exchange(...all);
    for (const chat of [ida, ida2]) {
      expect(chat.conversations()[0]).toMatchObject({ isMember: false, members: [] });
      await expect(chat.sendText(only(chat), 'still here')).rejects.toThrow(
        'not in the conversation',
      );
    }
    for (const chat of [hal, jim])
      expect(noticedIn(chat, only(chat))).toContainEqual({
        kind: 'left',
        identity: ida.self.actorUri,
      });
    await hal.maintain();
    await hal.sendText(only(hal), 'two of us');
    await exchange(...all);
    expect(textsOf(jim, only(jim))).toEqual(['hal: two of us']);
    for (const chat of [ida, ida2]) expect(textsOf(chat, only(chat))).toEqual([]);
    expect(codes(hal, jim).size).toBe(1);
  });
});
