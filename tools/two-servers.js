// npm run two-servers: two servers on this machine that are a.example and b.example to each other, for trying out what
// happens between servers, with an account on each. Their data stay in data/two-servers; stop both with Ctrl+C.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '..');
const directory = path.resolve(process.env['DATA_DIR'] ?? path.join(root, 'data/two-servers'));
const base = Number(process.env['PORT'] ?? 8181);
const PASSWORD = 'orange kite over water';
const servers = [
  { name: 'a', person: 'ada' },
  { name: 'b', person: 'ben' },
].map(({ name, person }, index) => ({
  person,
  url: `https://${name}.example`,
  port: base + index,
  origin: `http://localhost:${base + index}`,
  other: base + 1 - index,
  data: path.join(directory, name),
}));

const children = servers.map(({ url, port, origin, other, data }) =>
  spawn(
    process.execPath,
    ['--enable-source-maps', path.join(root, 'dist/bench/federated-server.js'), String(other)],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PUBLIC_URL: url,
        UPLOAD_URL: origin,
        PORT: String(port),
        METRICS_PORT: '0',
        DATA_DIR: data,
        // Each has a database of its own.
        DATABASE_URL: '',
      },
    },
  ),
);

const stopping = new AbortController();
function stop() {
  stopping.abort();
  for (const child of children) child.kill('SIGTERM');
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children)
  child.on('exit', (code) => {
    if (!stopping.signal.aborted) process.exitCode = code || 1;
    stop();
  });

console.log('Two servers start; the first time it takes a minute.');
for (const server of servers) await ready(server);
if (!stopping.signal.aborted) {
  for (const server of servers) await register(server);
  console.log(guide());
}

async function ready({ origin }) {
  while (!stopping.signal.aborted) {
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await pause(200);
  }
}

/** The account is there from the second start on. */
async function register({ origin, person }) {
  const query = `mutation ($input: RegisterAccountInput!) {
    registerAccount(input: $input) { userErrors { code message path } }
  }`;
  const input = {
    username: person,
    email: `${person}@people.example`,
    password: PASSWORD,
    birthDate: '1990-12-10',
    agreedToRules: true,
  };
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  const faults = errors ?? data.registerAccount.userErrors;
  const isKnown = faults.some(({ path: at }) => at?.includes('username'));
  if (!isKnown) for (const { message } of faults) console.error(`${person}: ${message}`);
}

function guide() {
  const [a, b] = servers;
  const row = ({ url, origin, person }) => `  ${url}  ${origin}/graphiql  account ${person}`;
  const reach = servers.map(({ url, origin }) => `${url}=${origin}`).join(',');
  return `
Ready. Ctrl+C stops both; their data stay in ${path.relative(process.cwd(), directory) || '.'}.

${servers.map(row).join('\n')}
  The password of both is: ${PASSWORD}

What answers say of https://a.example and https://b.example is at these addresses. An encrypted chat in two
terminals, here; the first one waits for the second:

  export TRIPTYCH_REACH=${reach}
  npm run -s chat ${b.origin} ${b.person}
  npm run -s chat ${a.origin} ${a.person} ${b.person}@${new URL(b.url).host}

Or in two browsers, with accounts that have no device yet (/graphiql makes them):

  npm run browser-example
  http://localhost:8190/?reach=${reach}
`;
}
