// People of two real servers who watch each other's keys by the logs of these, and a server that lies.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import { fileOf } from '../../sdk/src/chat/file-source.js';
import { SuspectKeysError } from '../../sdk/src/chat/held.js';
import type { KeyLogFinding } from '../../sdk/src/chat/key-log-words.js';
import { TABLES, type StoredConversation } from '../../sdk/src/chat/records.js';
import { Store } from '../../sdk/src/store/store.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { statement } from '../../src/platform/db/database.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { base64, newKey } from '../support/key-packages.js';
import { startLyingProxy, type LyingProxy } from '../support/lying-proxy.js';
import { logOf, type TestKeyLog } from '../support/test-key-log.js';
import type { World } from '../support/world.js';
import { between, cuttable, deviceOf, STORE_KEY, textsOf } from './sdk-people.js';

const B = 'https://b.example';
// As if what was read were old, while the clocks of devices stand.
const SPOIL = statement('test.spoil_key_logs', 'update remote_key_log_reads set is_stale = true');
const isLog = (path: string): boolean => /\/key-log/.test(path);

describe('keys of people of another server, by its log', () => {
  let network: FederatedNetwork;
  let [a, b]: World[] = [];
  let way: LyingProxy;
  let people = 0;
  let ada: Chat;
  let ben: Chat;
  let name: string;
  let conversation: string;

  beforeAll(async () => {
    network = openNetwork();
    a = await network.join('a.example');
    b = await network.join('b.example');
    way = await startLyingProxy(Number(new URL(b.origin).port));
    network.name('b.example', way.port);
  });
  afterAll(async () => {
    await way[Symbol.asyncDispose]();
    await network[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    way.tell(() => null);
    people += 1;
    name = `ben${people}`;
    [ada, ben] = [await deviceOf(a!, `ada${people}`), await deviceOf(b!, name)];
    await network.settle();
    conversation = await ada.openDirect(`${name}@b.example`);
    await ada.sendText(conversation, 'hello');
    await exchange();
  });
  afterEach(() => way.tell(() => null));

  async function exchange(): Promise<void> {
    await network.settle();
    for (const chat of [ada, ben]) await chat.synchronise();
  }

  /** What a device finds, that of Ada unless told, once what its server has read of the log is old. */
  async function found(by = ada): Promise<readonly KeyLogFinding[]> {
    await a!.services.database.rows(SPOIL, []);
    return by.peerLogs.check(new Date(), [ben.self.actorUri]);
  }

  /** The server of Ben shows another log than its own from now on, signed so much later. */
  function show(log: TestKeyLog, laterSeconds = 0): void {
    const at = new Date(b!.clock.now().getTime() + laterSeconds * 1000);
    way.tell(async (path) => {
      const body = isLog(path) ? await log.answer(path, at) : null;
      return body && { body };
    });
  }

  /** The server of Ben shows a log in which his device is not; whoever is given believes it anew. */
  async function hideDevice(from: Chat): Promise<TestKeyLog> {
    const log = await logOf(b!);
    log.entries = log.entries.filter(
      ({ actor, kind }) => actor !== ben.self.actorUri || kind !== 'DEVICE_ADDED',
    );
    await from.peerLogs.accept(B);
    show(log);
    return log;
  }

  const standing = () => ada.peerLogs.standingOf(ben.self.actorUri);
  const kinds = (findings: readonly KeyLogFinding[]) => findings.map(({ kind }) => kind);

  it('T13: are found right, go on with new devices, and heads of both are told in messages', async () => {
    const news: string[] = [];
    ada.onNews(({ kind }) => void news.push(kind));
    expect(standing()).toBeNull();
    await ada.maintain();
    expect(standing()).toBe('logged');
    const { identitySeed } = ben;
    const second = await deviceOf(b!, name, new MemoryStorage(), { identitySeed });
    await ben.maintain();
    await exchange();
    await second.synchronise();
    await ada.maintain();
    await exchange();
    expect(standing()).toBe('logged');
    for (const text of ['one', 'two', 'three']) {
      await ben.sendText(ben.conversations()[0]!.id, text);
      await ada.sendText(conversation, text);
    }
    await exchange();
    expect(await found()).toEqual([]);
    expect(await ben.keyLog.check()).toEqual([]);
    expect(await ben.peerLogs.check(new Date(), [ada.self.actorUri])).toEqual([]);
    expect(news).not.toContain('keyLog');
    expect(textsOf(ada, conversation)).toHaveLength(7);
  });

  it('T13: of the own server are looked at as well', async () => {
    const neighbour = `cyd${people}`;
    const cyd = await deviceOf(a!, neighbour);
    await ada.openDirect(neighbour);
    await ada.maintain();
    expect(ada.peerLogs.standingOf(cyd.self.actorUri)).toBe('logged');
  });

  it('T13: a device that is used and not in the log is found', async () => {
    expect(await found()).toEqual([]);
    const log = await hideDevice(ada);
    expect(await found()).toMatchObject([
      { kind: 'ghostDevice', server: B, identity: ben.self.actorUri },
    ]);
    expect(standing()).toBe('suspect');
    await expect(ada.sendText(conversation, 'secret')).rejects.toThrow(SuspectKeysError);
    expect(kinds(ada.findings(conversation))).toEqual(['ghostDevice']);
    // What others write comes all the same, and a server that gives its log no more is cleared of nothing.
    await ben.sendText(ben.conversations()[0]!.id, 'are you there?');
    await exchange();
    expect(textsOf(ada, conversation)).toHaveLength(2);
    way.tell((path) => (isLog(path) ? { body: null } : null));
    await found();
    await expect(ada.sendText(conversation, 'secret')).rejects.toThrow(SuspectKeysError);
    show(log);
    // Accepted once, it is told on and holds nothing.
    await ada.acceptFindings(conversation, ada.findings(conversation));
    await ada.sendText(conversation, 'I have asked you');
    expect(kinds(await found())).toEqual(['ghostDevice']);
    expect(ada.findings(conversation)).toEqual([]);
    await ada.sendText(conversation, 'all is well');
  });

  it('T13: what waits for the server waits on, until what was seen of the log is accepted', async () => {
    const line = cuttable();
    const about = [new MemoryStorage(), {}, { fetch: line.fetch }] as const;
    const dora = await deviceOf(a!, `dora${people}`, ...about);
    const id = await dora.openDirect(`${name}@b.example`);
    line.isCutOff = true;
    await expect(dora.sendText(id, 'secret')).rejects.toThrow(NetworkError);
    await hideDevice(dora);
    await found(dora);
    line.isCutOff = false;
    await dora.synchronise();
    expect(line.sent).toBe(0);
    await dora.acceptFindings(id, []);
    await dora.synchronise();
    expect(line.sent).toBe(0);
    await dora.acceptFindings(id, dora.findings(id));
    await dora.synchronise();
    expect(line.sent).toBe(1);
  });

  it('T13: where the log is suspect nobody is told that somebody types, and no file and no timer leaves the device', async () => {
    const asked: string[] = [];
    const fetch = between((question, answer) => {
      asked.push(question);
      return answer;
    });
    const dora = await deviceOf(a!, `dora${people}`, new MemoryStorage(), {}, { fetch });
    const id = await dora.openDirect(`${name}@b.example`);
    await dora.signal(id, 'typing');
    expect(asked).toContain('SendChatSignal');
    await hideDevice(dora);
    await found(dora);
    asked.length = 0;
    const file = fileOf(new Blob(['secret']));
    for (const held of [
      () => dora.signal(id, 'typing'),
      () => dora.sendFile(id, file, { name: 'secret.txt', mediaType: 'text/plain' }),
      () => dora.setTimer(id, 3_600),
    ])
      await expect(held()).rejects.toThrow(SuspectKeysError);
    expect(asked.filter((question) => /^(Send|Set|Create)/.test(question))).toEqual([]);
    await dora.acceptFindings(id, dora.findings(id));
    await dora.signal(id, 'typing');
    expect(asked).toContain('SendChatSignal');
  });

  it('T13: what was found is not forgotten while the device has to come back first', async () => {
    const kept = new MemoryStorage();
    const dora = await deviceOf(a!, `dora${people}`, kept);
    const id = await dora.openDirect(`${name}@b.example`);
    await hideDevice(dora);
    await found(dora);
    const store = await Store.open(kept, STORE_KEY);
    const conversation = store.get<StoredConversation>(TABLES.conversations, id)!;
    await store.transaction((tx) =>
      tx.put(TABLES.conversations, id, { ...conversation, isBroken: true }),
    );
    const stuck = await deviceOf(a!, `dora${people}`, kept);
    await stuck.peerLogs.check();
    expect(kinds(stuck.findings(id))).toEqual(['ghostDevice']);
    expect(await stuck.repair(id)).toBe('returned');
    await expect(stuck.sendText(id, 'secret')).rejects.toThrow(SuspectKeysError);
  });

  it('T13: another key in the log is told, and holds what is written to somebody verified', async () => {
    await ada.peerLogs.accept(B);
    const log = await logOf(b!);
    const stranger = { actor: { uri: ben.self.actorUri }, identity: await newKey() };
    log.setIdentity(stranger, b!.clock.now(), 2);
    show(log);
    expect(kinds(await found())).toEqual(['swappedKey']);
    await ada.sendText(conversation, 'never compared');
    await ada.people.verify(ben.self.actorUri);
    await expect(ada.sendText(conversation, 'secret')).rejects.toThrow(SuspectKeysError);
    way.tell(() => null);
    await ada.peerLogs.accept(B);
    expect(await found()).toEqual([]);
    await ada.sendText(conversation, 'it was compared');
  });

  it('T13: a key that took the place of the known one, and a device that nobody has signed, are found', async () => {
    const log = await logOf(b!);
    const stranger = { actor: { uri: ben.self.actorUri }, identity: await newKey() };
    const [key, ghost] = [await newKey(), await newKey()];
    log.write(
      ben.self.actorUri,
      'DEVICE_ADDED',
      {
        identityKey: base64(key.publicKey),
        signatureKey: base64(ghost.publicKey),
        attestation: base64(new Uint8Array(64)),
        attestedAt: b!.clock.now().toISOString(),
        version: 1,
      },
      b!.clock.now(),
    );
    log.setIdentity(stranger, b!.clock.now(), 2);
    show(log);
    expect(await found()).toMatchObject([
      { kind: 'swappedKey', identity: ben.self.actorUri, version: 2 },
      { kind: 'ghostDevice', signatureKey: new Uint8Array(ghost.publicKey) },
    ]);
  });

  it('T13: two logs, one for Ada and one for Ben, are found by what each of them tells', async () => {
    const log = await logOf(b!);
    const [first] = log.entries;
    const other = { ...JSON.parse(first!.payload.toString()), version: 7 } as object;
    log.entries[0] = { ...first!, payload: Buffer.from(JSON.stringify(other)) };
    await ada.peerLogs.accept(B);
    show(log);
    expect(await found()).toEqual([]);
    expect(await ben.keyLog.check()).toEqual([]);
    await ben.sendText(ben.conversations()[0]!.id, 'what do you see?');
    await exchange();
    expect(await found()).toEqual([{ kind: 'splitView', server: B, from: ben.self.actorUri }]);
    // It holds what is written to Ben, and nothing of others of his server, as anybody may say such a thing.
    await expect(ada.sendText(conversation, 'secret')).rejects.toThrow(SuspectKeysError);
    await deviceOf(b!, `cyd${people}`);
    const toCyd = await ada.openDirect(`cyd${people}@b.example`);
    await ada.sendText(toCyd, 'nobody has told me anything');
    await ada.acceptFindings(conversation, ada.findings(conversation));
    // Ben hears of it, too: every other message of Ada tells what she was shown of his server.
    for (const text of ['one', 'two']) await ada.sendText(conversation, text);
    await exchange();
    expect(await ben.keyLog.check()).toEqual([
      { kind: 'splitView', server: B, from: ada.self.actorUri },
    ]);
    const held = ben.sendText(ben.conversations()[0]!.id, 'secret');
    await expect(held).rejects.toThrow(SuspectKeysError);
  });

  it('T13: two logs of a third server, one for each of two members of a group, are found by what they tell', async () => {
    const c = await network.join('c.example');
    await using liar = await startLyingProxy(Number(new URL(c.origin).port));
    network.name('c.example', liar.port);
    const cyd = await deviceOf(c, 'cyd');
    await network.settle();
    const id = await ada.createGroup([`${name}@b.example`, 'cyd@c.example']);
    await exchange();
    const log = await logOf(c);
    const [first] = log.entries;
    const other = { ...JSON.parse(first!.payload.toString()), version: 7 } as object;
    log.entries[0] = { ...first!, payload: Buffer.from(JSON.stringify(other)) };
    liar.tell(async (path, asker) => {
      const isForAda = isLog(path) && asker.startsWith('https://a.example/');
      const body = isForAda ? await log.answer(path, c.clock.now()) : null;
      return body && { body };
    });
    const look = (chat: Chat) => chat.peerLogs.check(new Date(), [cyd.self.actorUri]);
    for (const chat of [ada, ben]) expect(await look(chat)).toEqual([]);
    for (const text of ['one', 'two', 'three']) await ada.sendText(id, text);
    await exchange();
    expect(await look(ben)).toEqual([
      { kind: 'splitView', server: 'https://c.example', from: ada.self.actorUri },
    ]);
  });

  it('T13: a log that stands still for Ada alone is found once it was signed again', async () => {
    await ada.peerLogs.accept(B);
    const log = await logOf(b!);
    show(log, 3_600);
    expect(await found()).toEqual([]);
    await deviceOf(b!, `new${people}`);
    expect(await ben.keyLog.check()).toEqual([]);
    await ben.sendText(ben.conversations()[0]!.id, 'it has grown');
    await exchange();
    expect(kinds(await found())).toEqual(['splitView']);
  });

  it('T13: a log that was rolled back, or signed by another key, or by nobody, is found', async () => {
    await ada.peerLogs.accept(B);
    expect(await found()).toEqual([]);
    const shorter = await logOf(b!);
    // Others have come since; Ben stays in it.
    await deviceOf(b!, `late${people}`);
    expect(await found()).toEqual([]);
    show(shorter, 3_600);
    expect(await found()).toEqual([{ kind: 'rewritten', server: B }]);
    await expect(ada.sendText(conversation, 'secret')).rejects.toThrow(SuspectKeysError);
    const foreign = await logOf(b!);
    Object.assign(foreign, { key: await newKey() });
    show(foreign);
    expect(await found()).toEqual([{ kind: 'otherServer', server: B }]);
    const forged = await logOf(b!);
    Object.assign(forged, { key: { ...(await newKey()), publicKey: forged.key.publicKey } });
    show(forged);
    // A head that is not even signed does not get past the own server.
    expect(await found()).toEqual([{ kind: 'otherServer', server: B }]);
    way.tell(() => null);
    expect(await found()).toEqual([]);
    expect(standing()).toBe('logged');
    expect(ada.findings(conversation)).toEqual([]);
  });

  it('T13: a log that is huge, slow or gone delays no message, and is only not read', async () => {
    for (const lie of [
      { body: 'x'.repeat(300_000) },
      { body: null },
      { body: {}, status: 404 },
      { body: { head: 'none' } },
    ]) {
      way.tell((path) => (isLog(path) ? lie : null));
      expect(await found()).toEqual([]);
      await ada.sendText(conversation, 'still here');
      await exchange();
    }
    expect(textsOf(ben, ben.conversations()[0]!.id)).toHaveLength(5);
    const { length } = ada.conversations()[0]!.doubts;
    expect(length).toBe(0);
  });

  it('T13: what the own server changes on the way is found, and what it keeps to itself is not held for right', async () => {
    let lie: (answer: string) => string = (answer) => answer;
    const change = (query: string, answer: string): string =>
      query === 'ReadRemoteKeyLog' ? lie(answer) : answer;
    /** Makes what follows these words, in base64, something else. */
    const changing = (words: string) => (answer: string) =>
      answer
        .split(words)
        .map((part, place) =>
          place === 0 ? part : part.replace(/^./, (it) => (it === '/' ? '+' : '/')),
        )
        .join(words);
    const eve = await deviceOf(
      a!,
      `eve${people}`,
      new MemoryStorage(),
      {},
      {
        fetch: between(change),
      },
    );
    await eve.openDirect(`${name}@b.example`);
    const { actorUri } = ben.self;
    const look = () => eve.peerLogs.check(new Date(), [actorUri]);
    expect(await look()).toEqual([]);
    expect(eve.peerLogs.standingOf(actorUri)).toBe('logged');
    lie = changing('"inclusion":["');
    expect(kinds(await look())).toContain('notInLog');
    lie = changing('"rootHash":"');
    expect(await look()).toEqual([{ kind: 'otherServer', server: B }]);
    lie = (answer) => answer.replace(/"entries":\[.*?\}\],"growth"/s, '"entries":[],"growth"');
    expect(new Set(kinds(await look()))).toEqual(new Set(['swappedKey', 'ghostDevice']));
    lie = (answer) => answer.replace(/"state":"\w+","head":\{.*?\}/s, '"state":"NONE","head":null');
    expect(await look()).toEqual([{ kind: 'withheld', server: B, identity: actorUri }]);
    await deviceOf(b!, `more${people}`);
    lie = (answer) => answer.replace(/"growth":\[.*?\}\]/s, '"growth":[]');
    await a!.services.database.rows(SPOIL, []);
    expect(await look()).toEqual([]);
    expect(eve.peerLogs.standingOf(actorUri)).toBe('unread');
  });

  it('T13: nothing is held against who is blocked or suspended, whose log is not shown', async () => {
    const person = await a!.local(`ada${people}`);
    await ada.peerLogs.accept(B);
    expect(await found()).toEqual([]);
    const { data } = await person.graphql<{ actor: { id: string } }>(
      'query ($url: URL!) { actor(by: { url: $url }) { id } }',
      { url: ben.self.actorUri },
    );
    await person.graphql(
      'mutation ($input: SetBlockInput!) { setBlock(input: $input) { userErrors { code } } }',
      { input: { actorId: data.actor.id, blocked: true } },
    );
    expect(await found()).toEqual([]);
    expect(standing()).toBe('unread');
  });
});
