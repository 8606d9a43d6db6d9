// Archives as people ask for them, fetch them and look into them.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import type { Answered } from './posts.js';
import type { Person, World } from './world.js';

/** An export as its owner sees it. */
export interface SeenExport {
  readonly id: string;
  readonly state: string;
  readonly progressPercent: number;
  readonly downloadUrl: string | null;
  readonly sizeBytes: string | null;
  readonly expiresAt: string | null;
}

const FIELDS = 'id state progressPercent downloadUrl sizeBytes expiresAt';

/** Sends requestExport. */
export async function requestExport(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ export: SeenExport | null }>> {
  const answer = await who.graphql<{ requestExport: Answered<{ export: SeenExport | null }> }>(
    `mutation ($input: RequestExportInput!) { requestExport(input: $input) { export { ${FIELDS} } userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.requestExport;
}

/** The exports of somebody, newest first. */
export async function exportsOf(who: Person): Promise<SeenExport[]> {
  const answer = await who.graphql<{ viewer: { exports: SeenExport[] } }>(
    `{ viewer { exports { ${FIELDS} } } }`,
  );
  return answer.data.viewer.exports;
}

/** The files of an archive by name, in their order. */
export async function unpack(archive: Readable): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = archive.pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) files.set(entry.header.name, await buffer(entry));
  return files;
}

/** Has an archive written and fetches it. @throws when it was refused or failed */
export async function archiveOf(
  world: World,
  who: Person,
  input: Record<string, unknown> = { format: 'ACTIVITYPUB_ARCHIVE' },
): Promise<Map<string, Buffer>> {
  const { userErrors } = await requestExport(who, input);
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  await world.settle();
  const [made] = await exportsOf(who);
  if (made?.state !== 'SUCCEEDED') throw new Error(JSON.stringify(made));
  const response = await fetch(world.reach(made.downloadUrl!));
  if (response.headers.get('content-type') !== 'application/gzip')
    throw new Error(`${response.status} ${String(response.headers.get('content-type'))}`);
  return unpack(Readable.fromWeb(response.body as never));
}

/** A JSON file of an archive. */
export function json<Content = Record<string, unknown>>(
  files: ReadonlyMap<string, Buffer>,
  name: string,
): Content {
  return JSON.parse(files.get(name)!.toString()) as Content;
}

/** The items of a file of the folder `extras`. */
export function extras(
  files: ReadonlyMap<string, Buffer>,
  name: string,
): Record<string, unknown>[] {
  const { version, items } = json<{ version: number; items: Record<string, unknown>[] }>(
    files,
    `extras/${name}.json`,
  );
  if (version !== 1) throw new Error(`${name} has the version ${version}`);
  return items;
}
