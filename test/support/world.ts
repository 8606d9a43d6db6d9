/**
 * A server with people on it. Everybody comes in through the public API, each from an address of their
 * own, so that limits per network do not meet.
 */
import { findViewer } from '../../src/accounts/authenticate.js';
import type { AccountId } from '../../src/accounts/account.entity.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import type { Foundation } from '../../src/app/compose.js';
import { toCommandContext } from '../../src/app/request-context.js';
import type { SocketLimits } from '../../src/app/socket-limits.js';
import type { CommandContext, Role } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { startTestServer, type GraphQLAnswer, type TestServer } from './server.js';

/** Password of everybody in the world. */
export const WORLD_PASSWORD = 'orange kite over water';

/** A local person with a session. */
export interface Person {
  readonly username: string;
  readonly email: string;
  /** Session token with every scope of the role. */
  readonly token: string;
  /** Inner UUID, as commands and rows have it. */
  readonly actorId: ActorId;
  /** Inner UUID, as commands and rows have it. */
  readonly accountId: AccountId;
  /** `actor_…`, as clients have it. */
  readonly actorGlobalId: string;
  /** Sends an operation over HTTP as this person. */
  graphql<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphQLAnswer<Data>>;
  /** The context that a command gets when this person calls it. */
  context(): Promise<CommandContext>;
}

/** A test server and its people. */
export interface World extends TestServer {
  /** The local person of this name; registered when first asked for. */
  local(username: string): Promise<Person>;
  /** Somebody with the role MODERATOR, named `mod_mia` unless told otherwise. */
  moderator(username?: string): Promise<Person>;
  /** Somebody with the role ADMIN, named `adm_abe` unless told otherwise. */
  admin(username?: string): Promise<Person>;
}

/**
 * Starts a server; `environment` are configuration variables on top of the defaults, `limits` bounds of sockets.
 * Addresses need no proof unless told otherwise, so that people can be made at once.
 */
export async function startWorld(
  environment: Record<string, string> = {},
  limits: Partial<SocketLimits> = {},
  network: Pick<Foundation, 'outside' | 'http'> = {},
): Promise<World> {
  const optional = { REGISTRATION_EMAIL_VERIFICATION: 'optional' };
  const server = await startTestServer({ ...optional, ...environment }, limits, network);
  const people = new Map<string, Promise<Person>>();
  const once = (username: string, make: () => Promise<Person>): Promise<Person> => {
    const known = people.get(username) ?? make();
    people.set(username, known);
    return known;
  };
  const staff = (username: string, role: Role): Promise<Person> =>
    once(username, async () => promote(server, await register(server, username), role));
  return {
    ...server,
    local: (username) => once(username, () => register(server, username)),
    moderator: (username = 'mod_mia') => staff(username, 'MODERATOR'),
    admin: (username = 'adm_abe') => staff(username, 'ADMIN'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Headers of a client at a network address of its own; the test server believes the proxy it comes through. */
export function fromFreshAddress(): Record<string, string> {
  addresses += 1;
  return {
    'x-forwarded-for': `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`,
  };
}

let addresses = 0;

const REGISTER = `mutation ($input: RegisterAccountInput!) {
  registerAccount(input: $input) { token actor { id } userErrors { code message path } }
}`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { token userErrors { code message } } }`;
const SET_ROLE = statement('test.set_role', 'update accounts set role = $2 where id = $1');

async function register(server: TestServer, username: string): Promise<Person> {
  const email = `${username}@people.example`;
  const headers = fromFreshAddress();
  const input = {
    username,
    email,
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
  };
  const answer = await server.graphql<{
    registerAccount: { token: string | null; actor: { id: string } | null; userErrors: unknown[] };
  }>(REGISTER, { input }, null, headers);
  const made = answer.data?.registerAccount;
  if (!made?.token || !made.actor)
    throw new Error(`${username} cannot register: ${JSON.stringify(answer)}`);
  return person(
    server,
    { username, email, token: made.token, actorGlobalId: made.actor.id },
    headers,
  );
}

async function promote(server: TestServer, who: Person, role: Role): Promise<Person> {
  await server.services.database.rows(SET_ROLE, [who.accountId, role]);
  const headers = fromFreshAddress();
  const answer = await server.graphql<{ signIn: { token: string | null } }>(
    SIGN_IN,
    { input: { login: who.username, password: WORLD_PASSWORD } },
    null,
    headers,
  );
  const token = answer.data?.signIn.token;
  if (!token) throw new Error(`${who.username} cannot sign in: ${JSON.stringify(answer)}`);
  return person(server, { ...who, token }, headers);
}

type Identity = Pick<Person, 'username' | 'email' | 'token' | 'actorGlobalId'>;

async function person(
  server: TestServer,
  who: Identity,
  headers: Record<string, string>,
): Promise<Person> {
  const context = async (): Promise<CommandContext> => {
    const { services, clock } = server;
    const viewer = await findViewer(services.database, who.token, clock.now());
    if (!viewer) throw new Error(`${who.username} is not signed in any more`);
    return toCommandContext(services, viewer, {
      headers: {},
      clientAddress: headers['x-forwarded-for'] ?? null,
    });
  };
  const { viewer } = await context();
  if (!viewer || parseGlobalId(who.actorGlobalId)?.id !== viewer.actorId) {
    throw new Error(`${who.username} is somebody else`);
  }
  return {
    username: who.username,
    email: who.email,
    token: who.token,
    actorGlobalId: who.actorGlobalId,
    actorId: viewer.actorId,
    accountId: viewer.accountId,
    graphql: (query, variables) => server.graphql(query, variables, who.token, headers),
    context,
  };
}
