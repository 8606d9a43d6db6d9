/** The keys of parents that a device got from somebody else. */
import sodium from 'libsodium-wrappers';
import type { RatchetTree } from 'ts-mls';
import type { PrivateKeyPath } from 'ts-mls/privateKeyPath.js';
import { directPath, leafToNodeIndex, leafWidth, toLeafIndex } from 'ts-mls/treemath.js';
import { isSame } from '../crypto/bytes.js';
import { MlsRefusal } from './engine.js';

/**
 * Whether the secret halves belong to the public ones: otherwise somebody is led into a group in which nobody else can
 * reach them. A blank place has no key, so there is nothing to compare.
 * @param places where to look
 * @throws {MlsRefusal}
 */
export function requireRightKeys(
  tree: RatchetTree,
  { privateKeys }: PrivateKeyPath,
  places: readonly number[],
): void {
  for (const place of places) {
    const node = tree[place];
    const secret = privateKeys[place];
    if (node?.nodeType !== 'parent' || !secret) continue;
    if (!isSame(sodium.crypto_scalarmult_base(secret), node.parent.hpkePublicKey))
      throw new MlsRefusal('A secret that is not that of its place in the tree.');
  }
}

/** The parents above a leaf whose keys became others between two trees. */
export function renewedAbove(before: RatchetTree, after: RatchetTree, leaf: number): number[] {
  const path = directPath(leafToNodeIndex(toLeafIndex(leaf)), leafWidth(after.length));
  return path.filter((place) => {
    const [former, now] = [before[place], after[place]];
    if (now?.nodeType !== 'parent') return false;
    return (
      former?.nodeType !== 'parent' ||
      !isSame(former.parent.hpkePublicKey, now.parent.hpkePublicKey)
    );
  });
}
