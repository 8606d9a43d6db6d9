// Whatever happens to a conversation is told as sentences with names; nothing of how it is kept shows.
import { expect, it } from '@jest/globals';
import type { Chat, Doubt, KeyLogFinding, Noticed } from '../../sdk/src/index.js';
import { doubtOf } from '../../sdk/src/cli/terminal-doubts.js';
import { findingOf } from '../../sdk/src/cli/terminal-keys.js';
import { noticeOf, spanOf } from '../../sdk/src/cli/terminal-notices.js';

const uri = (name: string): string => `https://b.example/ap/actors/${name}`;
const [ada, ben, cyd] = ['ada', 'ben', 'cyd'].map(uri) as [string, string, string];

/** Knows Ben and Cyd; the person is Ada. */
const chat = {
  self: { actorUri: ada },
  people: {
    shownAs: async (of: string) =>
      [ben, cyd].includes(of) ? { handle: `${of.slice(-3)}@b.example`, displayName: '' } : null,
    standingOf: () => 'attested',
    safetyNumber: () => '12345 67890',
  },
} as unknown as Chat;

const NOTICES: Readonly<Record<string, Noticed>> = {
  'ben@b.example let you and cyd@b.example in.': {
    kind: 'members',
    by: ben,
    added: [ada, cyd],
    removed: [],
  },
  'you let ben@b.example in and took somebody of b.example out.': {
    kind: 'members',
    by: ada,
    added: [ben],
    removed: [uri('hidden')],
  },
  'ben@b.example chose that new messages go after 5 minutes.': {
    kind: 'timer',
    by: ben,
    seconds: 300,
  },
  'ben@b.example chose that new messages stay.': { kind: 'timer', by: ben, seconds: null },
  'ben@b.example leaves, with all devices.': { kind: 'left', identity: ben },
  'A device of ben@b.example came in by itself': { kind: 'returned', identity: ben },
  'A device of yours came in by itself': { kind: 'returned', identity: ada },
  'The conversation was begun anew. New in it: cyd@b.example. Not in it any more: ben@b.example.': {
    kind: 'reset',
    added: [cyd],
    removed: [ben],
  },
  'What others write here is not of the group that this device is in': {
    kind: 'parted',
    epoch: 3,
    isHere: true,
  },
  'Your server took two changes of this conversation where there can be one': {
    kind: 'parted',
    epoch: 3,
    isHere: false,
  },
  'Two changed the conversation at once, and the change of ben@b.example counts': {
    kind: 'overtaken',
    by: ben,
  },
  'This device cannot go on here': { kind: 'stuck' },
  '3 messages went before this device saw them': {
    kind: 'missing',
    from: 4,
    to: 6,
    isExpected: true,
  },
  'One message of this conversation your server has not shown': {
    kind: 'missing',
    from: 4,
    to: 4,
    isExpected: false,
  },
  'Your server shows something else than before': { kind: 'rewritten', sequence: 7 },
  'ben@b.example was shown another history of this conversation than you': {
    kind: 'otherHistory',
    identity: ben,
    sequence: 7,
  },
  'cyd@b.example can read what is said here, and your server does not list them. Your server lists ben@b.example, who':
    { kind: 'otherMembers', onlyServer: [ben], onlyGroup: [cyd] },
};

const isSentence = /^\S.*\.$/;
const isRaw = /https?:|actors|undefined|null|\[object|NaN/;

it.each(Object.entries(NOTICES))('%s', async (words, noticed) => {
  const said = await noticeOf(chat, noticed);
  expect(said.startsWith(words)).toBe(true);
  expect(said).toMatch(isSentence);
  expect(said).not.toMatch(isRaw);
});

it.each<Doubt['reason']>(['unknown', 'identityChanged', 'identityLost', 'newDevice'])(
  'a doubt: %s',
  async (reason) => {
    const said = await doubtOf(chat, { identity: ben, signatureKey: new Uint8Array(32), reason });
    expect(said).toMatch(/^ben@b\.example: .+\.$/);
    expect(said).not.toContain(reason);
  },
);

it.each<KeyLogFinding['kind']>([
  'otherServer',
  'rewritten',
  'splitView',
  'withheld',
  'notInLog',
  'ghostDevice',
  'swappedKey',
])('a finding in a log of keys: %s', async (kind) => {
  const about = { server: 'https://b.example', identity: ben, from: ben, index: 1, version: 2 };
  const finding = { kind, ...about, signatureKey: new Uint8Array(32) } as KeyLogFinding;
  const said = await findingOf(chat, finding);
  expect(said).toMatch(isSentence);
  expect(said).not.toMatch(isRaw);
  expect(said).not.toContain(kind);
});

it('says times as people do', () => {
  expect([1, 90, 3600, 7200, 86_400, 604_800].map(spanOf)).toEqual([
    '1 second',
    '90 seconds',
    '1 hour',
    '2 hours',
    '1 day',
    '7 days',
  ]);
});
