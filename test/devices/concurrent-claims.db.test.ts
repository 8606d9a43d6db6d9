// A thousand claims at the same moment through two processes of one server: no key package goes to two.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, jest, test } from '@jest/globals';
import {
  addDevice,
  chatter,
  CLAIM,
  makeKeyPackages,
  publish,
  type AnsweredClaim,
  type SeenKeyPackage,
} from '../support/chat-devices.js';
import { freshDatabase } from '../support/database.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import type { GraphQLAnswer } from '../support/server.js';
import { fromFreshAddress, WORLD_PASSWORD, type Person } from '../support/world.js';

jest.setTimeout(300_000);

const CLAIMS = 1000;
const DEVICES = 3;
const PACKAGES = 200;
/** What each of them may claim of another before only last resorts are given. */
const BURST = 6;
const REQUESTERS = 8;

const REGISTER = `mutation ($input: RegisterAccountInput!) {
  registerAccount(input: $input) { token actor { id } userErrors { code } } }`;

/** Asks a process, again while it has too much to do. */
async function ask<Data>(
  server: ServerProcess,
  query: string,
  variables: object,
  headers: Record<string, string>,
): Promise<Data> {
  for (;;) {
    const response = await fetch(`${server.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as GraphQLAnswer<Data>;
    if (errors?.every(({ extensions }) => extensions['code'] === 'SERVICE_UNAVAILABLE')) continue;
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }
}

type Client = Pick<Person, 'token' | 'actorGlobalId' | 'graphql'>;

async function join(server: ServerProcess, username: string): Promise<Client> {
  const headers = fromFreshAddress();
  const input = {
    username,
    email: `${username}@people.example`,
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
  };
  const { registerAccount } = await ask<{
    registerAccount: { token: string; actor: { id: string } };
  }>(server, REGISTER, { input }, headers);
  const { token, actor } = registerAccount;
  const signedIn = { ...headers, authorization: `Bearer ${token}` };
  return {
    token,
    actorGlobalId: actor.id,
    graphql: async <Data>(query: string, variables = {}) =>
      ({ data: await ask<Data>(server, query, variables, signedIn) }) as GraphQLAnswer<Data>,
  };
}

test('E01 T11: of a thousand claims at once no two get the same key package, nor a last resort while there is another', async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const environment = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDirectory,
    PUBLIC_URL: 'https://a.example',
    REGISTRATION_EMAIL_VERIFICATION: 'optional',
    GRAPHQL_POINTS_PER_HOUR: '1000000',
  };
  const first = stack.use(await startServerProcess(environment));
  const second = stack.use(await startServerProcess(environment));
  const owner = await chatter((await join(first, 'ada')) as Person);
  for (let count = 0; count < DEVICES; count++) {
    const device = await addDevice(owner, new Date());
    const offered = await makeKeyPackages(device, PACKAGES + 1, new Date());
    for (let start = 0; start < offered.length; start += 100)
      await publish(owner.who, device.id, offered.slice(start, start + 100));
  }
  const others: Client[] = [];
  for (let index = 0; index < REQUESTERS; index++) others.push(await join(second, `ben${index}`));
  const asking = others.flatMap((one) => Array.from({ length: BURST }, () => one));
  while (asking.length < CLAIMS) asking.push(owner.who);

  const answers = await Promise.all(
    asking.map(async ({ token }, index) => {
      const server = index % 2 === 0 ? first : second;
      const input = { actorIds: [owner.who.actorGlobalId] };
      const headers = { authorization: `Bearer ${token}` };
      const data = await ask<{ claimKeyPackages: AnsweredClaim }>(
        server,
        CLAIM,
        { input },
        headers,
      );
      return data.claimKeyPackages.keyPackages!;
    }),
  );

  for (const answer of answers)
    expect(new Set(answer.map(({ device }) => device.id)).size).toBe(DEVICES);
  for (const given of Map.groupBy(answers.flat(), ({ device }) => device.id).values()) {
    const isOnce = ({ isLastResort }: SeenKeyPackage) => !isLastResort;
    const once = given.filter(isOnce).map(({ ref }) => ref);
    expect(once).toHaveLength(PACKAGES);
    expect(new Set(once).size).toBe(PACKAGES);
    expect(new Set(given.filter((one) => one.isLastResort).map(({ ref }) => ref)).size).toBe(1);
  }
});
