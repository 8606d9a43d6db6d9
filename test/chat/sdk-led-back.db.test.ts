// Devices that come in by themselves, and a server that leads them into a state of the group that is over.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { HeldError } from '../../sdk/src/chat/held.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import { historyOf, putHistory } from '../../sdk/src/chat/history.js';
import { MemoryStorage, type Storage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { startWorld, type World } from '../support/world.js';
import { cuttable, deviceOf, noticedIn, STORE_KEY, textsOf } from './sdk-people.js';

interface Shown {
  readonly epoch: number;
  readonly info: Buffer;
}

const SHOWN = statement(
  'test.shown_group',
  'select epoch, group_info as info from conversations where id = $1',
);
const SHOW = statement(
  'test.show_group',
  'update conversations set epoch = $2, group_info = $3 where id = $1',
);

describe('a device that comes in by itself', () => {
  let world: World;
  let round = 0;
  let ada: Chat;
  let ben: Chat;
  let rex: Chat;
  let storage: Storage;
  let id: string;
  /** While Rex was in the group, and after. */
  let [before, after]: Shown[] = [];

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => {
    round += 1;
    storage = new MemoryStorage();
    ada = await deviceOf(world, `ada${round}`);
    ben = await deviceOf(world, `ben${round}`, storage);
    rex = await deviceOf(world, `rex${round}`);
    id = await ada.createGroup([`ben${round}`, `rex${round}`]);
    for (const chat of [ben, rex]) await chat.synchronise();
    await ben.sendText(id, 'hello');
    before = await shown();
    await ada.removeMembers(id, [rex.self.actorUri]);
    for (const chat of [ada, ben]) await chat.synchronise();
    after = await shown();
  });

  const key = () => parseGlobalId(id)!.id;
  const shown = async () => (await world.services.database.row<Shown>(SHOWN, [key()]))!;
  const show = ({ epoch }: Shown, { info }: Shown) =>
    world.services.database.rows(SHOW, [key(), epoch, info]);
  const backAgain = (kept: Storage = new MemoryStorage()): Promise<Chat> =>
    deviceOf(world, `ben${round}`, kept, { identitySeed: ben.identitySeed });
  const seen = (chat: Chat) => chat.conversations().find((it) => it.id === id)!;
  const parted = (chat: Chat) => noticedIn(chat, id).filter(({ kind }) => kind === 'parted');

  it('T19: is where the others are, and says whom it has heard', async () => {
    const back = await backAgain();
    expect(await back.comeBack()).toEqual([id]);
    expect(seen(back).cameIn).toMatchObject({ unheard: [ada.self.actorUri] });
    // What was encrypted before the others saw it come in it cannot read, which says nothing against anybody.
    await ada.sendText(id, 'too early');
    await ada.synchronise();
    await ada.sendText(id, 'welcome back');
    await back.synchronise();
    expect(textsOf(back, id).at(-1)).toBe(`ada${round}: welcome back`);
    expect(seen(back).cameIn).toMatchObject({ unheard: [] });
    await back.sendText(id, 'thank you');
    await ada.synchronise();
    expect(textsOf(ada, id).at(-1)).toBe(`ben${round}: thank you`);
    for (const chat of [ada, back]) expect(parted(chat)).toEqual([]);
  });

  it('T26: is not led by a way in that is older than what its server says of the group', async () => {
    await show(after!, before!);
    const back = await backAgain();
    expect(await back.comeBack()).toEqual([]);
    await show(after!, after!);
    expect(await back.comeBack()).toEqual([id]);
  });

  it('T26: is not led behind what another device has told it', async () => {
    await show(before!, before!);
    const kept = new MemoryStorage();
    const history = historyOf(await Store.open(storage, STORE_KEY), new Date());
    const store = await Store.open(kept, STORE_KEY);
    await store.transaction((tx) => putHistory(tx, history));
    const back = await backAgain(kept);
    expect(await back.comeBack()).toEqual([]);
  });

  it('T26: that was led into a group that is over finds out by the first message, and the others by its coming', async () => {
    await show(before!, before!);
    const back = await backAgain();
    expect(await back.comeBack()).toEqual([id]);
    expect(seen(back).members).toContain(rex.self.actorUri);
    await ada.synchronise();
    expect(parted(ada)).toMatchObject([{ isHere: false, epoch: before!.epoch }]);
    await ada.sendText(id, 'Rex is gone');
    await back.synchronise();
    expect(parted(back)).toMatchObject([{ isHere: true, epoch: after!.epoch }]);
    await expect(back.sendText(id, 'secret')).rejects.toThrow(HeldError);
    await show(after!, after!);
    expect(await back.repair(id)).toBe('returned');
    await ada.synchronise();
    await ada.sendText(id, 'there you are');
    await back.synchronise();
    await back.sendText(id, 'without Rex');
    await ada.synchronise();
    expect(textsOf(ada, id).at(-1)).toBe(`ben${round}: without Rex`);
    expect(seen(back).members).not.toContain(rex.self.actorUri);
    expect(parted(ada)).toHaveLength(1);
  });

  it('T26: sends nothing that it had written for a group that is over, and to the others anew', async () => {
    await show(before!, before!);
    const way = cuttable();
    const { identitySeed } = ben;
    const kept = new MemoryStorage();
    const back = await deviceOf(world, `ben${round}`, kept, { identitySeed }, { fetch: way.fetch });
    expect(await back.comeBack()).toEqual([id]);
    way.isCutOff = true;
    await expect(back.sendText(id, 'for whoever is there')).rejects.toThrow(NetworkError);
    await ada.sendText(id, 'Rex is gone');
    way.isCutOff = false;
    await back.synchronise();
    expect(parted(back)).toMatchObject([{ isHere: true }]);
    expect(way.sent).toBe(0);
    await show(after!, after!);
    expect(await back.repair(id)).toBe('returned');
    await ada.synchronise();
    await back.synchronise();
    await ada.synchronise();
    expect(textsOf(ada, id).at(-1)).toBe(`ben${round}: for whoever is there`);
    expect(way.sent).toBe(1);
  });
});
