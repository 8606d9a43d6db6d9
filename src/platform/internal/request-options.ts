/** What node:http asks with. Made plainly: an address and an object of headers are copied several times on their way. */
import type { RequestOptions } from 'node:https';

/** Where a connection really goes. */
export interface Via {
  readonly protocol: string;
  readonly port: number | string;
}

/** Path, place and headers of a request; values that are undefined are left out. */
export function requestOptions(
  url: URL,
  { protocol, port }: Via,
  method: string,
  headers: Readonly<Record<string, string | undefined>>,
): RequestOptions {
  return {
    protocol,
    // As in an address, version 6 stands in brackets, which no look-up reads.
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port,
    path: url.pathname + url.search,
    method,
    headers: written(headers),
  };
}

/** Names and values in turn. */
function written(headers: Readonly<Record<string, string | undefined>>): string[] {
  const list: string[] = [];
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) list.push(name, value);
  return list;
}
