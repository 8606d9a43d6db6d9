/** Asks other servers what they run: each once in a week, a few at a time. @source NodeInfo 2.0 and 2.1 */
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import type { OutsideLimits } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { defineJob } from '../../platform/jobs/job.js';
import { cutText, isStorable } from '../../platform/storable-text.js';
import { originOf } from '../addresses.js';
import { MalformedDocument, readDocument, type JsonObject } from '../internal/read-document.js';
import { listOf, objectOf, textOf } from '../internal/read-properties.js';
import { findInstancesToAsk, keepInstance } from '../remote-instances.queries.js';

const WEEK_SECONDS = 7 * 24 * 3600;
const AT_ONCE = 5;
/** Servers of one run; the next one goes on. */
const MOST = 100;
const LONGEST_NAME = 100;
const SCHEMA = /^https?:\/\/nodeinfo\.diaspora\.software\/ns\/schema\/(?:1\.[01]|2\.[01])$/;
const LIMITS: OutsideLimits = {
  maxBytes: 64 * 1024,
  timeoutMs: 10_000,
  maxRedirects: 1,
  contentTypes: ['application/json'],
};

/** Runs by the clock. A server that says nothing of use is asked again when its week is over. */
export const askInstances = defineJob<Record<string, never>>(
  'askInstances',
  async (context) => {
    const since = addSeconds(context.clock.now(), -WEEK_SECONDS);
    const hosts = await findInstancesToAsk(context.database, since, MOST);
    for (let next = 0; next < hosts.length; next += AT_ONCE)
      await Promise.all(hosts.slice(next, next + AT_ONCE).map((host) => ask(context, host)));
  },
  { asksOutside: true },
);

async function ask(context: JobContext, host: string): Promise<void> {
  const said = await askSoftware(context, host);
  await context.database.transaction((tx) => keepInstance(tx, host, said, context.clock.now()));
}

async function askSoftware({ http, config, log }: JobContext, host: string) {
  const origin = `${config.publicUrl.protocol}//${host}`;
  try {
    const read = async (url: string): Promise<JsonObject> =>
      readDocument((await http.get(url, LIMITS)).body);
    const href = linkIn(await read(`${origin}/.well-known/nodeinfo`));
    // A server says what it runs itself.
    if (href === null || originOf(href) !== origin) return null;
    const software = objectOf((await read(href))['software']);
    const name = nameOf(software?.['name']);
    return name === null ? null : { software: name, version: nameOf(software?.['version']) };
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) && !(error instanceof MalformedDocument))
      throw error;
    log.debug({ err: error, host }, 'what a server runs is not known');
    return null;
  }
}

/** The newest form that is named. */
function linkIn({ links }: JsonObject): string | null {
  const known = listOf(links)
    .map((link) => objectOf(link))
    .filter((link) => SCHEMA.test(textOf(link?.['rel']) ?? ''))
    .toSorted((one, other) => (textOf(one?.['rel'])! < textOf(other?.['rel'])! ? 1 : -1));
  return textOf(known[0]?.['href']);
}

function nameOf(value: unknown): string | null {
  const text = textOf(value)?.trim() ?? '';
  return text !== '' && isStorable(text) ? cutText(text, LONGEST_NAME) : null;
}
