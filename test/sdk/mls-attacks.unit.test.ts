// What an attacker may try who has the ciphertexts, an old state, or a place in the group.
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createApplicationMessage,
  decodeMlsMessage,
  defaultCapabilities,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  joinGroupExternal,
  type CiphersuiteImpl,
} from 'ts-mls';
import { encodeKeyPackage } from 'ts-mls/keyPackage.js';
import { removeLeafNode } from 'ts-mls/ratchetTree.js';
import { toLeafIndex } from 'ts-mls/treemath.js';
import { MlsRefusal, wipe, type MlsEngine, type MlsGroup } from '../../sdk/src/mls/engine.js';
import { sodiumProvider } from '../../sdk/src/mls/sodium-provider.js';
import { CAPABILITIES, configOf, SUITE_NAME } from '../../sdk/src/mls/ts-mls-config.js';
import { createMlsEngine } from '../../sdk/src/mls/ts-mls-engine.js';
import { stateOf } from '../../sdk/src/mls/ts-mls-group.js';
import { commitSaying, renewalWith } from './forged-commit.js';
import { deviceOf, NOW, Room, textOf, trustingEngine } from './groups.js';

const EMPTY = new Uint8Array();
const KEYS_FROM_1970_TO_2100 = { notBefore: 0n, notAfter: 4_102_444_800n };

describe('what MLS has to withstand', () => {
  let engine: MlsEngine;
  let suite: CiphersuiteImpl;
  beforeAll(async () => {
    engine = await trustingEngine();
    suite = await sodiumProvider.getCiphersuiteImpl(getCiphersuiteFromName(SUITE_NAME));
  });

  it('T7: a removed member cannot read on', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const cyd = room.of('cyd');
    const { commit, next } = await engine.commit(room.of('ada'), { remove: [cyd.own.leaf] });
    const removed = await engine.receive(cyd, commit);
    const said = await engine.encrypt(next, Buffer.from('after cyd'));
    expect(removed.next.isActive).toBe(false);
    await expect(engine.receive(removed.next, said.message)).rejects.toThrow(MlsRefusal);
    await expect(engine.receive(cyd, said.message)).rejects.toThrow(MlsRefusal);
    const ben = await engine.receive(room.of('ben'), commit);
    expect(textOf(await engine.receive(ben.next, said.message))).toBe('after cyd');
  });

  it('T7: a removal that renews no keys is refused, as the removed one could follow it', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const leaf = room.of('cyd').own.leaf;
    const commit = await pathlessRemoval(room.of('ada'), leaf, suite);
    const following = engine.receive(room.of('ben'), commit);
    await expect(following).rejects.toThrow('Update path is required');
  });

  it('T13: whoever has nobody in the group does not come in by what is kept of it', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const { commit, groupInfo } = await engine.commit(room.of('ada'), {});
    const { next: ben } = await engine.receive(room.of('ben'), commit);
    const eve = await generateKeyPackage(
      { credentialType: 'basic', identity: Buffer.from('https://a.example/users/eve') },
      { ...CAPABILITIES },
      KEYS_FROM_1970_TO_2100,
      [],
      suite,
    );
    const read = decodeMlsMessage(groupInfo, 0)![0];
    if (read.wireformat !== 'mls_group_info') throw new Error('no GroupInfo');
    const { publicPackage, privatePackage } = eve;
    const made = await joinGroupExternal(
      read.groupInfo,
      publicPackage,
      privatePackage,
      false,
      suite,
      undefined,
      configOf(async () => true),
    );
    const publicMessage = made.publicMessage;
    const bytes = encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_public_message',
      publicMessage,
    });
    await expect(engine.receive(ben, bytes)).rejects.toThrow('tried to come in');
  });

  it('T8: a state does not open what it has opened before', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const said = await room.say('ada', 'once');
    const first = await engine.receive(room.of('ben'), said);
    const stored = engine.exportGroup(first.next);
    wipe(first.spent);
    await expect(engine.receive(engine.importGroup(stored), said)).rejects.toThrow(MlsRefusal);
    await expect(engine.receive(room.of('ben'), said)).rejects.toThrow(MlsRefusal);
  });

  it('T8: a stolen state is worth nothing once its device renewed its keys', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const stolen = engine.importGroup(engine.exportGroup(room.of('ben')));
    const renewal = await engine.commit(room.of('ben'), {});
    const cyd = await engine.receive(room.of('cyd'), renewal.commit);
    const said = await engine.encrypt(cyd.next, Buffer.from('healed'));
    await expect(engine.receive(stolen, renewal.commit)).rejects.toThrow(MlsRefusal);
    await expect(engine.receive(stolen, said.message)).rejects.toThrow(MlsRefusal);
    expect(textOf(await engine.receive(renewal.next, said.message))).toBe('healed');
  });

  it('T9: messages are read in any order, but each once', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const said = [];
    for (const text of ['one', 'two', 'three']) said.push(await room.say('ada', text));
    const heard = [];
    for (const index of [2, 0, 1]) heard.push(textOf(await room.hear('ben', said[index]!)));
    expect(heard).toEqual(['three', 'one', 'two']);
    for (const message of said)
      await expect(engine.receive(room.of('ben'), message)).rejects.toThrow(MlsRefusal);
  });

  it('T9: a changed or shortened message is refused, wherever it was changed', async () => {
    const room = await Room.open(engine, 'ada', 'ben');
    const said = await room.say('ada', 'intact');
    const ben = room.of('ben');
    for (let at = 0; at < said.length; at += 7) {
      const changed = said.slice();
      changed[at]! ^= 1;
      await expect(engine.receive(ben, changed)).rejects.toThrow(MlsRefusal);
      await expect(engine.receive(ben, said.slice(0, at))).rejects.toThrow(MlsRefusal);
    }
    const longer = Buffer.concat([said, Buffer.of(0)]);
    await expect(engine.receive(ben, longer)).rejects.toThrow(MlsRefusal);
    expect(textOf(await engine.receive(ben, said))).toBe('intact');
  });

  it('T9: a message of another group is refused', async () => {
    const [room, other] = [
      await Room.open(engine, 'ada', 'ben'),
      await Room.open(engine, 'ada', 'ben'),
    ];
    const said = await other.say('ada', 'elsewhere');
    await expect(engine.receive(room.of('ben'), said)).rejects.toThrow(MlsRefusal);
  });

  it('T10: a device that the actor does not vouch for is refused by who adds it and by who sees it', async () => {
    const eve = await deviceOf('ben');
    const careful = await createMlsEngine(
      async (_identity, key) => Buffer.compare(key, eve.signatureKey) !== 0,
    );
    const room = await Room.open(engine, 'ada', 'cyd');
    const ghost = await engine.generateKeyPackage(eve, NOW);
    const { commit, welcome } = await engine.commit(room.of('ada'), { add: [ghost.data] });
    const asCareful = (group: MlsGroup) => careful.importGroup(engine.exportGroup(group));
    await expect(careful.receive(asCareful(room.of('cyd')), commit)).rejects.toThrow('credential');
    const adding = careful.commit(asCareful(room.of('ada')), { add: [ghost.data] });
    await expect(adding).rejects.toThrow('credential');
    await expect(careful.join(welcome!, ghost.secrets)).rejects.toThrow('credential');
  });

  it('T10: key packages of other suites, of certificates and with a wrong signature are refused', async () => {
    const device = await deviceOf('dan');
    const identity = Buffer.from(device.identity);
    const made = async (
      credential: Parameters<typeof generateKeyPackage>[0],
      capabilities = defaultCapabilities(),
      name: Parameters<typeof getCiphersuiteFromName>[0] = SUITE_NAME,
    ) => {
      const impl = await sodiumProvider.getCiphersuiteImpl(getCiphersuiteFromName(name));
      const keys = KEYS_FROM_1970_TO_2100;
      const { publicPackage } = await generateKeyPackage(credential, capabilities, keys, [], impl);
      return encodeKeyPackage(publicPackage);
    };
    const basic = { credentialType: 'basic', identity } as const;
    const other = await made(
      basic,
      defaultCapabilities(),
      'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519',
    );
    const certified = await made({ credentialType: 'x509', certificates: [EMPTY] });
    const poor = await made(basic, { ...defaultCapabilities(), credentials: ['x509'] });
    const wrong = (await engine.generateKeyPackage(device, NOW)).data.slice();
    wrong[wrong.length - 1]! ^= 1;
    const group = await engine.createGroup(await deviceOf('ada'), Buffer.alloc(32, 1));
    for (const data of [other, certified, poor, wrong]) {
      await expect(engine.readKeyPackage(data)).rejects.toThrow(MlsRefusal);
      await expect(engine.commit(group, { add: [data] })).rejects.toThrow(MlsRefusal);
    }
  });

  it('T10: an expired key package is not added', async () => {
    const long = new Date(NOW.getTime() - 400 * 24 * 60 * 60 * 1000);
    const old = await engine.generateKeyPackage(await deviceOf('dan'), long);
    const group = await engine.createGroup(await deviceOf('ada'), Buffer.alloc(32, 1));
    await expect(engine.commit(group, { add: [old.data] })).rejects.toThrow('Lifetime');
  });

  it('refuses a commit whose keys are those of somebody else, or not those of its secrets', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd', 'dan');
    const [ada, cyd] = [room.of('ada'), room.of('cyd')];
    const node = stateOf(ada).ratchetTree[2]!;
    const others = node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : EMPTY;
    const taken = await renewalWith(ada, others, suite);
    await expect(engine.receive(cyd, taken)).rejects.toThrow('the same key');
    const wrong = await renewalWith(ada, new Uint8Array(32).fill(9), suite);
    await expect(engine.receive(room.of('ben'), wrong)).rejects.toThrow('not that of its place');
    const right = await renewalWith(ada, null, suite);
    expect((await engine.receive(cyd, right)).kind).toBe('commit');
  });

  it('takes the sender from the leaf: a member cannot write as another one', async () => {
    const room = await Room.open(engine, 'ada', 'ben', 'cyd');
    const [cyd, ada] = [stateOf(room.of('cyd')), stateOf(room.of('ada'))];
    const forged = { ...cyd, privatePath: ada.privatePath };
    const made = await createApplicationMessage(forged, Buffer.from('I am ada'), suite);
    const message = encodeMlsMessage({
      version: 'mls10',
      wireformat: 'mls_private_message',
      privateMessage: made.privateMessage,
    });
    await expect(engine.receive(room.of('ben'), message)).rejects.toThrow(MlsRefusal);
  });
});

/** The commit of a removal as ts-mls made it before 1.6.4: without new keys. */
function pathlessRemoval(group: MlsGroup, leaf: number, suite: CiphersuiteImpl) {
  const { ratchetTree } = stateOf(group);
  const remove = { proposalType: 'remove', remove: { removed: leaf } } as const;
  const tree = removeLeafNode(ratchetTree, toLeafIndex(leaf));
  const none = new Uint8Array(suite.kdf.size);
  return commitSaying(group, { proposals: [remove], path: undefined, tree, secret: none }, suite);
}
