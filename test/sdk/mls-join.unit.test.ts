// Each check of RFC 9420 §12.4.3.1, §7.3 and §7.9.2 has a Welcome that breaks it and nothing else.
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LeafNode, Node, RatchetTree } from 'ts-mls';
import { signLeafNodeKeyPackage } from 'ts-mls/leafNode.js';
import { decodeKeyPackage } from 'ts-mls/keyPackage.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { encodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { MlsRefusal, type MlsEngine, type NewKeyPackage } from '../../sdk/src/mls/engine.js';
import { createMlsEngine } from '../../sdk/src/mls/ts-mls-engine.js';
import { suiteOfGroups, welcomeSaying, type Told } from './forged-welcome.js';
import { deviceOf, NOW, Room, trustingEngine } from './groups.js';

type Change = (told: Told) => Partial<Told> | Promise<Partial<Told>>;
type Parent = Extract<Node, { readonly nodeType: 'parent' }>['parent'];

describe('who comes into a group by a Welcome', () => {
  let engine: MlsEngine;
  let room: Room;
  let newcomer: NewKeyPackage;
  beforeAll(async () => {
    engine = await trustingEngine();
    room = await Room.open(engine, 'ada', 'ben', 'cyd', 'dan', 'eve');
    // All places of the tree get keys, and then one gets an unmerged leaf.
    for (const name of ['ada', 'ben', 'cyd', 'dan', 'eve']) await room.change(name);
    await room.add('ada', 'fay');
    newcomer = await engine.generateKeyPackage(await deviceOf('gil'), NOW);
  });
  const joining = async (change?: Change) =>
    engine.join(await welcomeSaying(room.of('ada'), newcomer, change), newcomer.secrets);

  it('believes a right one', async () => {
    const group = await joining();
    expect(group.members).toHaveLength(7);
  });

  it.each<[string, Change, string]>([
    [
      'a tree of another hash',
      ({ context }) => ({
        hasRightHash: false,
        context: { ...context, treeHash: new Uint8Array(32) },
      }),
      'another hash',
    ],
    ['the signature of somebody else', () => ({ signer: 1 }), 'not signed by one of it'],
    ['a signer who is not there', () => ({ signer: 9000 }), 'no such leaf'],
    [
      'a tag of another state',
      () => ({ confirmationTag: (tag) => tag.map((byte) => byte ^ 1) }),
      'another state',
    ],
    [
      'a Welcome for others',
      () => ({ newMember: (ref) => ref.map((byte) => byte ^ 1) }),
      'No matching secret',
    ],
    [
      'another suite',
      ({ context }) => ({
        context: { ...context, cipherSuite: 'MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519' },
      }),
      'another suite',
    ],
    [
      'extensions of the group',
      ({ context }) => ({
        context: {
          ...context,
          extensions: [{ extensionType: 61_000, extensionData: new Uint8Array() }],
        },
      }),
      'Extensions of groups',
    ],
    [
      'two trees',
      ({ tree }) => ({
        extensions: [{ extensionType: 'ratchet_tree', extensionData: encodeRatchetTree(tree) }],
      }),
      'extension twice',
    ],
    [
      'no whole tree',
      () => ({ sentTree: (tree) => Buffer.concat([encodeRatchetTree(tree), Buffer.of(0)]) }),
      'not what they should be',
    ],
    ['an empty tree', () => ({ sentTree: () => Uint8Array.of(0) }), 'not what they should be'],
    [
      'a leaf of another key package',
      ({ tree }) => ({
        tree: ownLeaf(tree, (leaf) => ({ ...leaf, signature: new Uint8Array(64) })),
      }),
      'signature is wrong',
    ],
    [
      'no leaf of the newcomer',
      ({ tree }) => ({ tree: tree.map((node, at) => (at === ownPlace(tree) ? undefined : node)) }),
      'unmerged|not below|no leaf|Two|not in the group',
    ],
    [
      'a secret that is not of the tree',
      () => ({ pathSecret: new Uint8Array(32).fill(7) }),
      'not that of its place',
    ],
    [
      'parents out of shape',
      () => ({ sentTree: (tree) => encodeRatchetTree(swapped(tree, 1, 2)) }),
      'out of shape',
    ],
    ['two leaves of one key', ({ tree }) => ({ tree: withNode(tree, 2, tree[0]) }), 'the same key'],
    [
      'a parent with the key of a leaf',
      ({ tree }) => ({
        tree: parentAt(tree, 3, (it) => ({ ...it, hpkePublicKey: leafOf(tree, 0).hpkePublicKey })),
      }),
      'the same key',
    ],
    [
      'a parent that no leaf made',
      ({ tree }) => ({
        tree: parentAt(tree, 3, (it) => ({ ...it, hpkePublicKey: new Uint8Array(32).fill(9) })),
      }),
      'not made by its leaves',
    ],
    [
      'a parent hash of nothing',
      ({ tree }) => ({
        tree: parentAt(tree, 3, (it) => ({ ...it, parentHash: new Uint8Array(32) })),
      }),
      'not made by its leaves',
    ],
    [
      'an unmerged leaf that is not below',
      ({ tree }) => ({ tree: parentAt(tree, 1, (it) => ({ ...it, unmergedLeaves: [3] })) }),
      'not below it',
    ],
    [
      'an unmerged leaf that is blank',
      ({ tree }) => ({
        tree: parentAt(tree, 7, (it) => ({ ...it, unmergedLeaves: [...it.unmergedLeaves, 7] })),
      }),
      'not below it',
    ],
    [
      'an unmerged leaf far above the tree',
      ({ tree }) => ({
        tree: parentAt(tree, 7, (it) => ({
          ...it,
          unmergedLeaves: [...it.unmergedLeaves, 2 ** 31],
        })),
      }),
      'names no leaf',
    ],
    [
      'unmerged leaves twice',
      ({ tree }) => ({
        tree: parentAt(tree, 7, (it) => ({
          ...it,
          unmergedLeaves: [...it.unmergedLeaves, it.unmergedLeaves.at(-1)!],
        })),
      }),
      'out of order',
    ],
    [
      'an unmerged leaf that the parent between hides',
      ({ tree }) => ({
        tree: parentAt(tree, 7, (it) => ({ ...it, unmergedLeaves: [0, ...it.unmergedLeaves] })),
      }),
      'does not name',
    ],
    [
      'a member who is gone but knows a key',
      ({ tree }) => ({ tree: withNode(tree, 2, undefined) }),
      'not made by its leaves',
    ],
    [
      'a blank parent below one that all should know',
      ({ tree }) => ({ tree: withNode(tree, 1, undefined) }),
      'not made by its leaves',
    ],
  ])('refuses %s', async (_what, change, reason) => {
    const refused = joining(change);
    await expect(refused).rejects.toBeInstanceOf(MlsRefusal);
    await expect(refused).rejects.toThrow(new RegExp(reason));
  });

  it('refuses a leaf of somebody else with the key of its own device', async () => {
    const suite = await suiteOfGroups();
    const gil = await deviceOf('gil');
    const own = await engine.generateKeyPackage(gil, NOW);
    const welcome = await welcomeSaying(room.of('ada'), own, async ({ tree }) => {
      const [{ leafNode }] = decodeKeyPackage(own.data, 0)!;
      const other = {
        ...leafNode,
        credential: {
          credentialType: 'basic',
          identity: Buffer.from('https://a.example/users/eve'),
        },
      } as const;
      const signed = await signLeafNodeKeyPackage(other, gil.signatureSeed, suite.signature);
      return {
        tree: tree.map((node, at) =>
          at === ownPlace(tree) ? { nodeType: 'leaf' as const, leaf: signed } : node,
        ),
      };
    });
    await expect(engine.join(welcome, own.secrets)).rejects.toThrow('another leaf');
  });

  it('refuses a tree larger than any group before it looks at it', async () => {
    const change: Change = ({ tree }) => ({
      sentTree: () => {
        const long = [...tree, ...Array.from({ length: 8192 }, () => undefined), tree[0]];
        return encodeRatchetTree(long.length % 2 === 0 ? long.toSpliced(tree.length, 1) : long);
      },
    });
    await expect(joining(change)).rejects.toThrow('larger than any group');
  });

  it('refuses a group of more people than any has, and a commit that makes it one', async () => {
    const packages = await Promise.all(
      Array.from({ length: 249 }, async (_, at) =>
        engine.generateKeyPackage(await deviceOf(`p${at}`), NOW),
      ),
    );
    const alone = await engine.createGroup(await deviceOf('ada'), new Uint8Array(32));
    const filled = await engine.commit(alone, { add: packages.map(({ data }) => data) });
    const full = await engine.join(filled.welcome!, packages[0]!.secrets);
    expect(full.members).toHaveLength(250);
    const welcome = await welcomeSaying(filled.next, newcomer);
    await expect(engine.join(welcome, newcomer.secrets)).rejects.toThrow('More members');
    const add = [newcomer.data];
    const more = await engine.commit(filled.next, { add });
    await expect(engine.receive(full, more.commit)).rejects.toThrow('More members');
    const swap = await engine.commit(filled.next, { add, remove: [full.own.leaf + 1] });
    expect((await engine.receive(full, swap.commit)).kind).toBe('commit');
  });

  it('refuses what nobody vouches for, and names that are those of no actor', async () => {
    const careful = await createMlsEngine(async (identity) => !identity.endsWith('/cyd'));
    const welcome = await welcomeSaying(room.of('ada'), newcomer);
    await expect(careful.join(welcome, newcomer.secrets)).rejects.toThrow('vouches');
  });

  it('refuses a parent whose key somebody below was never told, although all hashes are right', async () => {
    const other = await Room.open(engine, 'ada', 'ben', 'cyd', 'dan');
    await other.change('dan', { remove: [other.of('ben').own.leaf] });
    await other.change('ada');
    await other.add('ada', 'eve');
    const suite = await suiteOfGroups();
    let hasRightHashes = false;
    const welcome = await welcomeSaying(other.of('ada'), newcomer, async ({ tree }) => {
      // The place of ben is that of eve now, and nobody says that she does not know the keys above her.
      const without = (parent: Parent): Parent => ({
        ...parent,
        unmergedLeaves: parent.unmergedLeaves.filter((leaf) => leaf !== 1),
      });
      const silent = parentAt(tree, 3, without);
      hasRightHashes = await verifyParentHashes(silent, suite.hash);
      return { tree: silent };
    });
    await expect(engine.join(welcome, newcomer.secrets)).rejects.toThrow('not made by its leaves');
    expect(hasRightHashes).toBe(true);
  });
});

const withNode = (tree: RatchetTree, at: number, node: Node | undefined): RatchetTree =>
  tree.map((known, index) => (index === at ? node : known));

const swapped = (tree: RatchetTree, one: number, other: number): RatchetTree =>
  withNode(withNode(tree, one, tree[other]), other, tree[one]);

function parentAt(tree: RatchetTree, at: number, change: (parent: Parent) => Parent): RatchetTree {
  const node = tree[at];
  if (node?.nodeType !== 'parent') throw new Error(`no parent at ${at}`);
  return withNode(tree, at, { nodeType: 'parent', parent: change(node.parent) });
}

function leafOf(tree: RatchetTree, at: number): LeafNode {
  const node = tree[at];
  if (node?.nodeType !== 'leaf') throw new Error(`no leaf at ${at}`);
  return node.leaf;
}

/** Where the newcomer is: the last one who came. */
const ownPlace = (tree: RatchetTree): number =>
  tree.findLastIndex((node) => node?.nodeType === 'leaf');

const ownLeaf = (tree: RatchetTree, change: (leaf: LeafNode) => LeafNode): RatchetTree =>
  withNode(tree, ownPlace(tree), { nodeType: 'leaf', leaf: change(leafOf(tree, ownPlace(tree))) });
