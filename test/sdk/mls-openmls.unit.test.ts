import { beforeAll, describe, expect, it } from '@jest/globals';
import { createCommit, encodeMlsMessage, type Proposal } from 'ts-mls';
import type { DeviceKeys, MlsEngine, MlsGroup } from '../../sdk/src/mls/engine.js';
import { stateOf, TsMlsGroup } from '../../sdk/src/mls/ts-mls-group.js';
import { suiteOfGroups } from './forged-welcome.js';
import { deviceOf, NOW, textOf, trustingEngine } from './groups.js';
import { Oracle, ORACLE } from './openmls.js';

/** Wire reads names of this form alone. */
const named = async (): Promise<DeviceKeys> => ({
  ...(await deviceOf('any')),
  identity: `${crypto.randomUUID()}:1234@a.example`,
});

/** The engine's commits are private; the oracle takes public ones only. */
async function publicCommit(group: MlsGroup, extraProposals: Proposal[] = []) {
  const context = { state: stateOf(group), cipherSuite: await suiteOfGroups() };
  const options = { extraProposals, wireAsPublicMessage: true, ratchetTreeExtension: true };
  const { commit, newState } = await createCommit(context, options);
  return { commit: encodeMlsMessage(commit), next: new TsMlsGroup(newState) };
}

const oracle = ORACLE ? describe : describe.skip;

oracle('T6: with OpenMLS', () => {
  let engine: MlsEngine;
  let other: Oracle;
  beforeAll(async () => {
    engine = await trustingEngine();
    other = await Oracle.start(ORACLE!);
  });

  it('groups are founded, read, renewed, joined and left both ways', async () => {
    const data = await other.keyPackage();
    const { identity } = await engine.readKeyPackage(data);
    const made = await engine.createGroup(
      await named(),
      crypto.getRandomValues(new Uint8Array(32)),
    );
    const added = await engine.commit(made, { add: [data] });
    await other.join(added.welcome!);
    const said = await engine.encrypt(added.next, Buffer.from('hello'));
    expect(Buffer.from((await other.hear(said.message)).plaintext!).toString()).toBe('hello');
    const answered = await engine.receive(said.next, await other.say('and to you'));
    expect(textOf(answered)).toBe('and to you');
    const own = await publicCommit(answered.next);
    await other.hear(own.commit);
    const theirs = await engine.receive(own.next, (await other.commit()).commit);
    const cyd = await engine.generateKeyPackage(await named(), NOW);
    const adding = await other.commit(cyd.data);
    const ours = await engine.receive(theirs.next, adding.commit);
    const joined = await engine.join(adding.welcome, cyd.secrets);
    expect(joined.epochAuthenticator).toEqual(ours.next.epochAuthenticator);
    const { leaf } = joined.members.find((member) => member.identity === identity)!;
    const removal = await publicCommit(ours.next, [
      { proposalType: 'remove', remove: { removed: leaf } },
    ]);
    expect((await other.hear(removal.commit)).isActive).toBe(false);
    const after = await engine.encrypt(removal.next, Buffer.from('without you'));
    await expect(other.hear(after.message)).rejects.toBeDefined();
    const followed = await engine.receive(joined, removal.commit);
    expect(textOf(await engine.receive(followed.next, after.message))).toBe('without you');
  });

  // RFC 9420 §7.4 takes the secret of a commit from the last node of the filtered path; ts-mls 1.6.4 goes on to the root even
  // where that is blank, so a commit to a tree whose first half is empty has another tag. Its own clients agree about it.
  it.failing('a tree whose first half is empty has the same secrets', async () => {
    const group = await engine.createGroup(
      await named(),
      crypto.getRandomValues(new Uint8Array(32)),
    );
    const ben = await engine.generateKeyPackage(await named(), NOW);
    const cyd = await engine.generateKeyPackage(await named(), NOW);
    const add = [ben.data, await other.keyPackage(), cyd.data];
    const founded = await engine.commit(group, { add });
    await other.join(founded.welcome!);
    let last: MlsGroup = await engine.join(founded.welcome!, cyd.secrets);
    for (const leaf of [0, 1]) {
      const { commit, next } = await publicCommit(last, [
        { proposalType: 'remove', remove: { removed: leaf } },
      ]);
      await other.hear(commit);
      last = next;
    }
    const { commit, next } = await publicCommit(last);
    await other.hear(commit);
    const said = await engine.encrypt(next, Buffer.from('the two of us'));
    expect(Buffer.from((await other.hear(said.message)).plaintext!).toString()).toBe(
      'the two of us',
    );
    const theirs = await engine.receive(said.next, (await other.commit()).commit);
    expect(textOf(await engine.receive(theirs.next, await other.say('yes')))).toBe('yes');
  });
});
