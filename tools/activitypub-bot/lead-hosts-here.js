// Every server that the peer asks is a port of this machine: it believes in https, and tests have no certificates.
import http from 'node:http';
import https from 'node:https';

/** Nobody listens there. */
const CLOSED_PORT = 1;

/** Lets requests by https go to the ports of these hosts, unencrypted, and to no other place. */
export function leadHostsHere(hosts) {
  https.request = (url, options, answered) => {
    const { host, pathname, search } = new URL(url);
    const { agent: _agent, ...others } = options;
    const headers = Object.entries(others.headers).filter(
      ([name]) => name.toLowerCase() !== 'host',
    );
    const there = { host: '127.0.0.1', port: hosts[host] ?? CLOSED_PORT, path: pathname + search };
    const named = { ...Object.fromEntries(headers), host };
    return http.request({ ...others, ...there, headers: named }, answered);
  };
}
