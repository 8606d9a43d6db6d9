// People of scripted servers that know no hub, in the shapes of Emissary and Bonfire; the MLS in what they send is real.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { statement } from '../../src/platform/db/database.js';
import { startFakePeer, type FakePeer, type PeerActor } from './fake-peer.js';
import type { FederatedNetwork } from './federation.js';
import { newKey, wrapped, type TestKey } from './key-packages.js';
import { makeGroupId, makeOwnPackage, MlsGroup, type OwnPackage } from './mls.js';
import { ask, signedBy } from './signed-fetch.js';
import type { World } from './world.js';

const DIRECTORY = path.resolve('test/fixtures/activities');
const REFUSAL = statement(
  'test.draft_refusal',
  `select refusal from received_activities where actor_uri = $1 order by received_at desc, id desc limit 1`,
);

let count = 0;

/** Where they write to, and whom; only the name counts. */
export interface Addressed {
  readonly world: World;
  readonly uri: string;
}

/** Somebody of a server without a hub, with a device. */
export interface DraftPerson {
  readonly peer: FakePeer;
  readonly actor: PeerActor;
  /** Folder of the fixtures. */
  readonly software: string;
  readonly key: TestKey;
  readonly own: OwnPackage;
}

/** What a scripted server was told of MLS. */
export interface Received {
  readonly type: string;
  readonly actor: string;
  readonly to: string[];
  readonly object: Record<string, unknown>;
}

/** A fixture in which everything is replaced. */
export async function fixture(
  software: string,
  file: string,
  { peer, uri, content = Buffer.alloc(0) }: { peer: FakePeer; uri: string; content?: Buffer },
): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(DIRECTORY, software, `${file}.json`), 'utf8');
  return JSON.parse(
    text
      .replaceAll('https://example.org', peer.origin)
      .replaceAll('https://m.example/users/bob', uri)
      .replaceAll('@CONTENT@', content.toString('base64')),
  ) as Record<string, unknown>;
}

/** Makes somebody on a server of their own; its caller disposes of it. */
export async function draftPerson(
  network: FederatedNetwork,
  software: string,
  { world, uri }: Addressed,
): Promise<DraftPerson> {
  const peer = await startFakePeer(network, `draft${(count += 1)}.test`);
  const { publicKey: _key, ...more } = await fixture(software, 'actor', { peer, uri });
  const actor = peer.actor('alice', more);
  const key = await newKey();
  const own = await makeOwnPackage(actor.uri, key, world.clock.now());
  return { peer, actor, software, key, own };
}

/** Lists key packages as the software does: Emissary bare, Bonfire as MLSMessages on a page. The first one is that of `own`. */
export async function layOut(
  { peer, actor, software, own }: DraftPerson,
  ...more: readonly OwnPackage[]
): Promise<void> {
  const isBare = software === 'emissary-mls';
  const published = ({ bytes }: OwnPackage): Buffer => (isBare ? bytes : wrapped(bytes));
  const about = { peer, uri: actor.uri, content: published(own) };
  const body = (await fixture(software, 'key-packages', about)) as KeyPackageList;
  if (isBare) {
    const item = await fixture(software, 'key-package', about);
    peer.serve(new URL(String(item['id'])).pathname, { body: item });
  }
  const items = body.items ?? body.first!.orderedItems;
  for (const one of more) {
    const content = published(one).toString('base64');
    items.push({ ...(items.at(-1) as object), id: `${body.id}/${(count += 1)}`, content });
  }
  peer.serve(new URL(body.id).pathname, { body });
}

interface KeyPackageList extends Record<string, unknown> {
  readonly id: string;
  readonly items?: unknown[];
  readonly first?: { readonly orderedItems: unknown[] };
}

/** Sends what a fixture wraps. @returns why it had no effect; null = it had one */
export async function sendDraft(
  { peer, actor, software }: DraftPerson,
  file: string,
  { world, uri }: Addressed,
  content: Buffer,
  more: Record<string, unknown> = {},
): Promise<string | null> {
  world.clock.advance(1);
  const activity = await fixture(software, file, { peer, uri, content });
  const object = { ...(activity['object'] as object), ...more };
  const id = `${String(activity['id'])}/${(count += 1)}`;
  const status = await peer.send(world, actor, { ...activity, id, object });
  if (status !== 202) throw new Error(`The server answered ${status}.`);
  await world.settle();
  const row = await world.services.database.row<{ refusal: string | null }>(REFUSAL, [actor.uri]);
  return row?.refusal ?? null;
}

/** A group of somebody who has let a person in by a package that their server reserved. */
export async function invite({ actor, own }: DraftPerson, { world, uri }: Addressed) {
  const pathname = new URL(`${uri}/key-packages`).pathname;
  const { body } = await ask(world, pathname, signedBy(world, actor, pathname));
  const [item] = body['items'] as { content: string }[];
  const bytes = Buffer.from(item!.content, 'base64');
  const begun = await MlsGroup.begin(makeGroupId(), own);
  const { welcome, groupInfo, next } = await begun.commit({ add: [bytes] });
  return { welcome: welcome!, groupInfo, group: next, bytes };
}

/** What came to their server, the oldest first. */
export const receivedBy = ({ peer }: DraftPerson): Received[] =>
  peer.requests
    .filter(({ method, body }) => method === 'POST' && body.includes('message/mls'))
    .map(({ body }) => JSON.parse(body) as Received);
