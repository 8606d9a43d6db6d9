// The outside of MLS messages, read of real ones, and of bytes that anybody may send.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readGroupInfoHeader, readMessageHeader } from '../../src/mls/message-header.js';
import { readWelcomeRefs } from '../../src/mls/welcome-refs.js';
import { newKey } from '../support/key-packages.js';
import { makeGroupId, makeOwnPackage, MlsGroup } from '../support/mls.js';

async function pair() {
  const [one, two] = await Promise.all([newKey(), newKey()]);
  const own = await makeOwnPackage('https://here.example/people/ada', one);
  const other = await makeOwnPackage('https://here.example/people/ben', two);
  const groupId = makeGroupId();
  const group = await MlsGroup.begin(groupId, own);
  return { groupId, group, own, other, keys: { one, two } };
}

test('of each kind of message its group, epoch and content are read', async () => {
  const { groupId, group, other, keys } = await pair();
  const added = await group.commit({ add: [other.bytes] });
  expect(readMessageHeader(added.commit)).toMatchObject({
    framing: 'PRIVATE',
    epoch: 0n,
    content: 'COMMIT',
    sender: null,
  });
  const { data } = await added.next.write('Hello');
  const header = readMessageHeader(data)!;
  expect(header).toMatchObject({ framing: 'PRIVATE', epoch: 1n, content: 'APPLICATION' });
  expect(Buffer.from(header.groupId)).toEqual(groupId);
  const open = await added.next.commit({}, true);
  expect(readMessageHeader(open.commit)).toMatchObject({
    framing: 'PUBLIC',
    epoch: 1n,
    content: 'COMMIT',
    sender: 'MEMBER',
  });
  const leaf = Buffer.from(keys.two.publicKey).toString('hex');
  for (const isPublic of [true, false])
    expect(readMessageHeader(await added.next.proposeRemoval(leaf, isPublic))).toMatchObject({
      framing: isPublic ? 'PUBLIC' : 'PRIVATE',
      content: 'PROPOSAL',
    });
  expect(readGroupInfoHeader(added.groupInfo)).toMatchObject({ epoch: 1n });
});

test('a device that lets itself in says so', async () => {
  const { group, other } = await pair();
  const { groupInfo } = await group.commit();
  const { commit } = await MlsGroup.joinByItself(groupInfo, other);
  expect(readMessageHeader(commit)).toMatchObject({
    framing: 'PUBLIC',
    epoch: 1n,
    content: 'COMMIT',
    sender: 'NEW_MEMBER_COMMIT',
  });
});

test('a Welcome names the key packages that it is for', async () => {
  const { group, other } = await pair();
  const third = await makeOwnPackage('https://here.example/people/carl', await newKey());
  const { welcome } = await group.commit({ add: [other.bytes, third.bytes] });
  const refs = readWelcomeRefs(welcome!)!;
  expect(refs).toHaveLength(2);
  expect(refs.every((ref) => ref.length === 32)).toBe(true);
});

test('one kind is not taken for another, and nothing may stand behind the end', async () => {
  const { group, other } = await pair();
  const { commit, welcome, groupInfo } = await group.commit({ add: [other.bytes] });
  expect(readMessageHeader(welcome!)).toBeNull();
  expect(readMessageHeader(groupInfo)).toBeNull();
  expect(readWelcomeRefs(commit)).toBeNull();
  expect(readGroupInfoHeader(commit)).toBeNull();
  expect(readMessageHeader(other.bytes)).toBeNull();
  expect(readMessageHeader(Buffer.concat([commit, Buffer.from([0])]))).toBeNull();
  expect(readWelcomeRefs(Buffer.concat([welcome!, Buffer.from([0])]))).toBeNull();
  expect(readGroupInfoHeader(Buffer.concat([groupInfo, Buffer.from([0])]))).toBeNull();
  for (let length = 0; length < commit.length; length += 7)
    expect(readMessageHeader(commit.subarray(0, length))).toBeNull();
});

test('a Welcome that names one key package twice is none', async () => {
  const { group, other } = await pair();
  const { welcome } = await group.commit({ add: [other.bytes] });
  const lengthAt = 6;
  const length = welcome!.readUInt16BE(lengthAt) & 0x3fff;
  const secrets = welcome!.subarray(lengthAt + 2, lengthAt + 2 + length);
  const doubled = Buffer.alloc(2);
  doubled.writeUInt16BE(0x4000 | (length * 2));
  const rest = welcome!.subarray(lengthAt + 2 + length);
  const twice = Buffer.concat([welcome!.subarray(0, lengthAt), doubled, secrets, secrets, rest]);
  expect(readWelcomeRefs(welcome!)).toHaveLength(1);
  expect(readWelcomeRefs(twice)).toBeNull();
});

test('E16 whatever comes, nothing throws', async () => {
  const { group, other } = await pair();
  const { commit, welcome, groupInfo, next } = await group.commit({ add: [other.bytes] });
  const real = [commit, welcome!, groupInfo, (await next.write('Hello')).data];
  const readers = [readMessageHeader, readWelcomeRefs, readGroupInfoHeader];
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 600 }),
        fc
          .tuple(fc.constantFrom(...real), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 }))
          .map(([bytes, place, noise]) => {
            const changed = Buffer.from(bytes);
            Buffer.from(noise).copy(changed, place % changed.length);
            return changed;
          }),
      ),
      (bytes) => {
        for (const read of readers) {
          const found = read(bytes);
          expect(found === null || typeof found === 'object').toBe(true);
        }
      },
    ),
    { numRuns: 5000 },
  );
});
