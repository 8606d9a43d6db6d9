// Whatever is refused outside of userErrors is refused in one shape, on every route, and leads to its explanation.
import { request as openRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { REQUEST_ERRORS } from '../../src/platform/request-errors.js';
import { declareUpload, sendBytes, uploadPicture, type Ticket } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let picture: Buffer;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer();
});

afterAll(() => world[Symbol.asyncDispose]());

afterEach(() => {
  jest.restoreAllMocks();
});

async function ticketFor(protocol: 'PUT' | 'TUS' = 'PUT'): Promise<Ticket> {
  const { ticket } = await declareUpload(ada, picture, { preferredProtocol: protocol });
  if (!ticket) throw new Error('no ticket');
  return ticket;
}

const at = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${world.origin}${path}`, init);

const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  at('/graphql', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

async function put(body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> {
  const ticket = await ticketFor();
  return fetch(world.reach(ticket.uploadUrl), {
    method: 'PUT',
    body: new Uint8Array(Buffer.from(body)),
    headers,
  });
}

async function tus(
  method: string,
  headers: Record<string, string>,
  body: string | null = null,
): Promise<Response> {
  const ticket = await ticketFor('TUS');
  return fetch(world.reach(ticket.uploadUrl), { method, headers, body });
}

const TUS = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' };

async function rangeBeyond(): Promise<Response> {
  const id = await uploadPicture(world, ada, picture);
  const answer = await ada.graphql<{ node: { url: string } }>(
    'query ($id: ID!) { node(id: $id) { ... on Media { url } } }',
    { id },
  );
  return fetch(world.reach(answer.data.node.url), { headers: { range: 'bytes=99999999-' } });
}

/** What an upgrade is answered with, as a response. */
function upgrade(path: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const sent = openRequest(`${world.origin}${path}`, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const pairs = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
        const init = { status: answer.statusCode!, headers: Object.fromEntries(pairs) };
        resolve(new Response(Buffer.concat(chunks), init));
      });
    });
    sent.on('error', reject).end();
  });
}

type Case = readonly [
  name: string,
  send: () => Promise<Response>,
  status: number,
  code: keyof typeof REQUEST_ERRORS,
];

const CASES: readonly Case[] = [
  ['an unknown address', () => at('/nowhere'), 404, 'NOT_FOUND'],
  ['an address that is none', () => at('/media/%ff/thumb'), 400, 'BAD_REQUEST'],
  ['a body that is not JSON', () => post('{'), 400, 'BAD_REQUEST'],
  ['a body that is too large', () => post('x'.repeat(300_000)), 413, 'TOO_LARGE'],
  ['an encoded body', () => post('{}', { 'content-encoding': 'gzip' }), 415, 'UNSUPPORTED_MEDIA'],
  [
    'a document that is too long',
    () => post(JSON.stringify({ query: `{ ${' '.repeat(200_000)} }` })),
    400,
    'BAD_USER_INPUT',
  ],
  ['a document that is none', () => post('{"query":"{"}'), 400, 'GRAPHQL_PARSE_FAILED'],
  [
    'a document that does not fit',
    () => post('{"query":"{ nope }"}'),
    400,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a bad token',
    () => post('{"query":"{ viewer { id } }"}', { authorization: 'Bearer no' }),
    401,
    'UNAUTHENTICATED',
  ],
  ['several operations in one body', () => post('[]'), 400, 'BAD_REQUEST'],
  ['what any web site could send', () => at('/graphql?query={__typename}'), 400, 'BAD_REQUEST'],
  [
    'a forged cursor',
    () => post('{"query":"{ publicTimeline(after: \\"x\\") { nodes { id } } }"}'),
    200,
    'INVALID_CURSOR',
  ],
  ['an unknown ticket', () => at('/uploads/none', { method: 'PUT', body: 'x' }), 404, 'NOT_FOUND'],
  ['an upload without a file', () => at('/uploads/none'), 404, 'NOT_FOUND'],
  ['more bytes than declared', () => put(Buffer.concat([picture, picture])), 413, 'TOO_LARGE'],
  ['fewer bytes than declared', () => put('few'), 400, 'BAD_REQUEST'],
  [
    'other bytes than declared',
    () => put(Buffer.from(picture.map((byte) => byte ^ 1))),
    422,
    'CHECKSUM_MISMATCH',
  ],
  [
    'bytes in an encoding',
    () => put('x', { 'content-encoding': 'gzip' }),
    415,
    'UNSUPPORTED_MEDIA',
  ],
  ['a used ticket', usedTicket, 409, 'CONFLICT'],
  ['a ticket that ran out', expiredTicket, 410, 'EXPIRED'],
  ['an unknown ticket of tus', () => at('/uploads/tus/none', { method: 'POST' }), 404, 'NOT_FOUND'],
  ['a method that tus has not', () => tus('GET', TUS), 405, 'METHOD_NOT_ALLOWED'],
  ['tus of another version', () => tus('POST', { 'tus-resumable': '0.2' }), 412, 'BAD_REQUEST'],
  ['tus without its version', () => tus('PATCH', {}), 412, 'BAD_REQUEST'],
  [
    'a header that tus cannot read',
    () => tus('PATCH', { ...TUS, 'upload-offset': '-1' }),
    400,
    'BAD_REQUEST',
  ],
  ['tus without an offset', () => tus('PATCH', TUS, 'x'), 403, 'BAD_REQUEST'],
  ['a wrong offset', () => tus('PATCH', { ...TUS, 'upload-offset': '5' }, 'x'), 409, 'CONFLICT'],
  [
    'too much by tus',
    () => tus('PATCH', { ...TUS, 'upload-offset': '0' }, 'x'.repeat(picture.length + 1)),
    413,
    'TOO_LARGE',
  ],
  ['a picture that is not there', () => at('/media/media_x/thumb.webp'), 404, 'NOT_FOUND'],
  ['a range beyond the end', rangeBeyond, 416, 'RANGE_NOT_SATISFIABLE'],
  ['an archive that is not there', () => at('/exports/x.tar.gz'), 404, 'NOT_FOUND'],
  ['an asset of GraphiQL that is not there', () => at('/graphiql/v/x.js'), 404, 'NOT_FOUND'],
  ['a socket elsewhere', () => upgrade('/elsewhere'), 404, 'NOT_FOUND'],
  ['a socket with a query', () => upgrade('/graphql?token=x'), 400, 'BAD_REQUEST'],
  ['a fault of a route', fault, 500, 'INTERNAL_SERVER_ERROR'],
  ['a fault of tus', tusFault, 500, 'INTERNAL_SERVER_ERROR'],
];

async function usedTicket(): Promise<Response> {
  const ticket = await ticketFor();
  await sendBytes(world, ticket, picture);
  return sendBytes(world, ticket, picture);
}

async function expiredTicket(): Promise<Response> {
  const ticket = await ticketFor();
  jest.spyOn(world.clock, 'now').mockReturnValue(new Date(Date.parse(ticket.expiresAt) + 1));
  return sendBytes(world, ticket, picture);
}

async function fault(): Promise<Response> {
  const ticket = await ticketFor();
  jest.spyOn(world.services.storage, 'putFile').mockRejectedValue(new Error('SELECT secret'));
  return sendBytes(world, ticket, picture);
}

async function tusFault(): Promise<Response> {
  jest.spyOn(world.services.storage, 'putFile').mockRejectedValue(new Error('SELECT secret'));
  const ticket = await ticketFor('TUS');
  return fetch(world.reach(ticket.uploadUrl), {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': '0' },
    body: new Uint8Array(picture),
  });
}

test.each(CASES)('%s is refused in the one shape', async (_name, send, status, code) => {
  const answer = await send();
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(
    /^application\/(?:graphql-response\+)?json; charset=utf-8$/,
  );
  const body = (await answer.json()) as { errors: unknown[] };
  expect(body.errors).toHaveLength(1);
  expect(body.errors[0]).toMatchObject({
    message: expect.stringMatching(/^(?!.*secret)\S.*\S$/s),
    extensions: {
      code,
      requestId: answer.headers.get('x-request-id'),
      docsUrl: `https://a.example/graphql/errors#${code}`,
    },
  });
  if (status >= 400) expect(answer.headers.get('cache-control') ?? 'no-store').toMatch(/no-store/);
});

test('an address without a body has the status alone', async () => {
  const answer = await at('/nowhere', { method: 'HEAD' });
  expect([answer.status, await answer.text()]).toEqual([404, '']);
});

test('the page of the errors explains every code, and runs nothing', async () => {
  const answer = await at('/graphql/errors');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).not.toContain('script');
  const page = await answer.text();
  for (const code of Object.keys(REQUEST_ERRORS)) expect(page).toContain(`<dt id="${code}">`);
  expect(page).toContain('<dt id="userErrors-USERNAME_TAKEN">');
});
