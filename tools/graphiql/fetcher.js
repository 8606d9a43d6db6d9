// Sends operations to /graphql: subscriptions over one WebSocket per token, everything else over HTTP.
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';

const endpoint = new URL('/graphql', location.href);
const socketUrl = new URL(endpoint);
socketUrl.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';

let socket = { authorization: undefined, client: undefined };

/** Of who signed in on this page, for tabs without a token of their own. It ends with the page. */
let signedIn;

/** GraphiQL's fetcher: a result, or an async iterable of results for a subscription. */
export function fetcher(parameters, { headers: typed = {} } = {}) {
  const headers = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
  if (signedIn !== undefined && authorizationOf(headers) === undefined)
    headers.Authorization = signedIn;
  if (isSubscription(parameters)) return clientFor(authorizationOf(headers)).iterate(parameters);
  return request(parameters, headers);
}

async function request(parameters, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...headers,
    },
    body: JSON.stringify(parameters),
  });
  const result = await response.json();
  const token = result.data?.signIn?.token ?? result.data?.registerAccount?.token;
  if (typeof token === 'string') signedIn = `Bearer ${token}`;
  return result;
}

/** Browsers cannot set headers on a WebSocket, so the token of the headers editor goes into connection_init. */
function clientFor(authorization) {
  if (socket.client === undefined || socket.authorization !== authorization) {
    void socket.client?.dispose();
    socket = {
      authorization,
      client: createClient({ url: socketUrl.href, connectionParams: { authorization } }),
    };
  }
  return socket.client;
}

function authorizationOf(headers) {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}

/** Reads the text that is sent: the document that GraphiQL hands over may still be that of the text before. */
function isSubscription({ query, operationName }) {
  try {
    return (
      getOperationAST(parse(query), operationName)?.operation === OperationTypeNode.SUBSCRIPTION
    );
  } catch {
    return false;
  }
}
