import { beforeAll, describe, expect, it } from '@jest/globals';
import { MlsRefusal, type MlsEngine } from '../../sdk/src/mls/engine.js';
import { paddedLength } from '../../sdk/src/mls/padding.js';
import { deviceOf, NOW, Room, textOf, trustingEngine } from './groups.js';

describe('the MLS engine', () => {
  let engine: MlsEngine;
  beforeAll(async () => {
    engine = await trustingEngine();
  });

  it('lets people come, talk and go', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const said = await room.say('ada', 'hello');
    for (const name of ['ben', 'cyd']) {
      const heard = await room.hear(name, said);
      expect(textOf(heard)).toBe('hello');
      expect(heard.sender.identity).toBe('https://a.example/users/ada');
    }
    await room.add('cyd', 'dan');
    await room.change('ben', { remove: [room.of('ada').own.leaf] });
    expect([...room.groups.keys()]).toEqual(['ben', 'cyd', 'dan']);
    expect(room.opinions()).toBe(1);
    expect(textOf(await room.hear('dan', await room.say('cyd', 'still here')))).toBe('still here');
  });

  it('tells who came and who went by a commit', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const dan = await engine.generateKeyPackage(await deviceOf('dan'), NOW);
    const change = { add: [dan.data], remove: [room.of('cyd').own.leaf] };
    const { commit } = await engine.commit(room.of('ada'), change);
    const heard = await engine.receive(room.of('ben'), commit);
    if (heard.kind !== 'commit') throw new Error('no commit');
    const names = (list: readonly { identity: string }[]) =>
      list.map(({ identity }) => identity.split('/').at(-1));
    expect([names(heard.added), names(heard.removed)]).toEqual([['dan'], ['cyd']]);
    expect(heard.sender.identity).toBe('https://a.example/users/ada');
  });

  it('keeps the old group until a commit is accepted', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const lost = await engine.commit(room.of('ada'), {});
    await room.change('ben');
    expect(lost.epoch).toBe(1n);
    expect(room.of('ada').epoch).toBe(2n);
    await expect(engine.receive(room.of('ben'), lost.commit)).rejects.toThrow('epoch');
    expect(textOf(await room.hear('ben', await room.say('ada', 'fine')))).toBe('fine');
  });

  it('reads a message of the epoch before', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const late = await room.say('ada', 'late');
    await room.change('ben');
    const heard = await room.hear('ben', late);
    expect([textOf(heard), heard.epoch]).toEqual(['late', 1n]);
    expect(heard.sender.identity).toBe('https://a.example/users/ada');
  });

  it('lets somebody ask to be removed, and the next commit does it', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const asked = await engine.proposeRemoval(room.of('cyd'), room.of('cyd').own.leaf);
    for (const name of ['ada', 'ben']) await room.hear(name, asked.message);
    room.groups.delete('cyd');
    expect(room.of('ada').hasProposals).toBe(true);
    await room.change('ben');
    expect(room.of('ada').members).toHaveLength(2);
    expect(room.opinions()).toBe(1);
  });

  it('gives everybody of an epoch the same exported secret, and the next epoch another', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const secret = async (name: string) =>
      Buffer.from(
        await engine.exportSecret(room.of(name), 'typing', new Uint8Array(), 32),
      ).toString('hex');
    const first = await secret('ada');
    expect(await secret('ben')).toBe(first);
    await room.change('ada');
    expect(await secret('ben')).not.toBe(first);
  });

  it('goes on from a stored group', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const stored = engine.exportGroup(room.of('ben'));
    room.groups.set('ben', engine.importGroup(stored));
    expect(textOf(await room.hear('ben', await room.say('ada', 'again')))).toBe('again');
    expect(textOf(await room.hear('ada', await room.say('ben', 'yes')))).toBe('yes');
  });

  it('brings back a device that lost its state, and nobody who was not there', async () => {
    const ben = await deviceOf('ben');
    const room = await Room.open(engine, 'ada', 'cyd');
    const key = await engine.generateKeyPackage(ben, NOW);
    const pending = await engine.commit(room.of('ada'), { add: [key.data] });
    const cyd = await engine.receive(room.of('cyd'), pending.commit);
    const back = await engine.rejoin(pending.groupInfo, ben, NOW);
    const heard = await engine.receive(cyd.next, back.commit);
    expect(heard.sender.identity).toBe(ben.identity);
    expect(heard.kind === 'commit' && [...heard.added, ...heard.removed]).toEqual([]);
    expect(heard.next.epochAuthenticator).toEqual(back.next.epochAuthenticator);
    await expect(engine.rejoin(pending.groupInfo, await deviceOf('eve'), NOW)).rejects.toThrow(
      'Nobody of this actor',
    );
  });

  it('takes in one more device of somebody who has one there, which reads from then on', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const { commit, groupInfo, next } = await engine.commit(room.of('ada'), {});
    const said = await engine.encrypt(next, Buffer.from('before'));
    const { next: cyd } = await engine.receive(room.of('cyd'), commit);
    const back = await engine.rejoin(groupInfo, await deviceOf('ben'), NOW);
    const heard = await engine.receive(cyd, back.commit);
    expect(heard).toMatchObject({ kind: 'commit', isReturn: true, removed: [] });
    expect(heard.kind === 'commit' && heard.added).toEqual([back.next.own]);
    expect(heard.sender).toEqual(back.next.own);
    expect(back.next.members.map(({ identity }) => identity)).toHaveLength(4);
    await expect(engine.receive(back.next, said.message)).rejects.toThrow(MlsRefusal);
    const after = await engine.encrypt(heard.next, Buffer.from('after'));
    const read = await engine.receive(back.next, after.message);
    expect(textOf(read)).toBe('after');
    const answer = await engine.encrypt(read.next, Buffer.from('I am here'));
    expect(textOf(await engine.receive(after.next, answer.message))).toBe('I am here');
  });

  it('agrees in a group whose members come, go and renew their keys at random', async () => {
    const room = await Room.open(engine, 'p0', 'p1', 'p2');
    const random = numbers(11);
    for (let step = 0; step < 40; step += 1) {
      const names = [...room.groups.keys()];
      const by = names[random(names.length)]!;
      const other = names[random(names.length)]!;
      const kind = random(4);
      if (kind <= 1) await room.add(by, `n${step}`);
      else if (kind === 2 && other !== by && names.length > 3)
        await room.change(by, { remove: [room.of(other).own.leaf] });
      else await room.change(by);
      expect(room.opinions()).toBe(1);
    }
  });

  it('pads to classes of length (T34)', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const sizes: number[] = [];
    for (const length of [1, 180, 200, 900, 1000, 4000])
      sizes.push((await room.say('ada', 'x'.repeat(length))).length);
    const classes = [0, 2, 4].map((index) => sizes[index]);
    expect([1, 3, 5].map((index) => sizes[index])).toEqual(classes);
    expect(new Set(classes).size).toBe(3);
    expect([1, 186, 187, 954, 955, 20_000].map(paddedLength)).toEqual([
      256, 256, 1024, 1024, 4096, 32_768,
    ]);
  });
});

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
