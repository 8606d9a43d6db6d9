/**
 * Whose a host is, as far as its name tells: whoever owns `example.org` makes as many hosts below it as they like, so
 * what strangers may do is counted by what has to be registered, and costs something.
 */
import { isIP } from 'node:net';

/** Second levels under which countries register names. */
const SECOND_LEVELS = new Set(
  'ac co com ed edu firm gen go gob gouv gov govt gr gv ltd me mil ne net nic nom or org plc res sch school'.split(
    ' ',
  ),
);

/** Where many people have a name each without owning the domain: lumping them together would make them pay for each other. */
const SHARED = new Set(
  'masto.host hostdon.ne.jp duckdns.org dynv6.net ddns.net fly.dev github.io herokuapp.com netlify.app ngrok.io ngrok.app onrender.com pages.dev vercel.app workers.dev'.split(
    ' ',
  ),
);

/** The registered domain of a host, with or without a port; an address, and a name of one label, stand for themselves. */
export function siteOf(host: string): string {
  const name = hostnameOf(host);
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return name;
  const labels = name.split('.');
  const registered = labels.slice(-suffixLength(labels) - 1);
  return registered.join('.');
}

/** Labels of what nobody owns alone. */
function suffixLength(labels: readonly string[]): number {
  for (const length of [3, 2]) if (SHARED.has(labels.slice(-length).join('.'))) return length;
  const [second = '', top = ''] = labels.slice(-2);
  return top.length === 2 && SECOND_LEVELS.has(second) ? 2 : 1;
}

function hostnameOf(host: string): string {
  const lower = host.toLowerCase();
  return lower.startsWith('[')
    ? lower.slice(0, lower.indexOf(']') + 1)
    : lower.replace(/:\d*$/, '').replace(/\.$/, '');
}
