// The kinds of values that configuration knows. Every rule takes text only and never touches the machine.
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';

import type { Rule } from './variable.js';

/** A rule from a function that returns the value, or undefined when the text breaks the rule. */
function rule<T>(text: string, parse: (written: string) => T | undefined): Rule<T> {
  const schema = z.string().transform((written, context): T => {
    const value = parse(written.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be ${text}` });
    return z.NEVER;
  });
  return { text, schema };
}

/** A whole number, both bounds included; underscores may group digits. */
export function integer(minimum: number, maximum: number): Rule<number> {
  return rule(`a whole number from ${minimum} to ${maximum}`, (written) => {
    if (!/^\d+(_\d+)*$/.test(written)) return undefined;
    const value = Number(written.replaceAll('_', ''));
    return value >= minimum && value <= maximum ? value : undefined;
  });
}

const BYTE_UNITS: Record<string, number> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

function parseBytes(written: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(written);
  const factor = BYTE_UNITS[(parts?.[2] ?? '?').toUpperCase()];
  if (!parts || factor === undefined) return undefined;
  const value = Math.round(Number(parts[1]) * factor);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A size such as `20MB`, `1.5GiB` or `4096`, in bytes. */
export function bytes(minimum: number): Rule<number> {
  return rule(`a size of at least ${minimum} bytes, such as 20MB, 1.5GiB or 4096`, (written) => {
    const value = parseBytes(written);
    return value !== undefined && value >= minimum ? value : undefined;
  });
}

/** A size in bytes, or `unlimited` (null). */
export const bytesOrUnlimited: Rule<bigint | null> = rule(
  'a size such as 10GB, or unlimited',
  (written) => {
    if (written.toLowerCase() === 'unlimited') return null;
    const value = parseBytes(written);
    return value === undefined ? undefined : BigInt(value);
  },
);

/** One of the words given. */
export function oneOf<const T extends string>(...words: readonly T[]): Rule<T> {
  return rule(`one of ${words.join(', ')}`, (written) => words.find((word) => word === written));
}

/** `true` or `false`. */
export const boolean: Rule<boolean> = rule('true or false', (written) =>
  written === 'true' ? true : written === 'false' ? false : undefined,
);

/** Text of 1 to `maximum` characters. */
export function text(maximum: number): Rule<string> {
  return rule(`text of at most ${maximum} characters`, (written) =>
    written.length <= maximum ? written : undefined,
  );
}

/** A URL with one of the given schemes. */
export function url(...schemes: readonly string[]): Rule<string> {
  const shown = schemes.map((scheme) => `${scheme}://…`).join(' or ');
  return rule(`a URL ${shown}`, (written) => {
    const parsed = URL.parse(written);
    return parsed && schemes.includes(parsed.protocol.slice(0, -1)) ? written : undefined;
  });
}

/** An http(s) origin: scheme, host and at most a port. */
export const origin: Rule<URL> = rule(
  'an address like https://photos.example, without path, query or password',
  (written) => {
    const parsed = URL.parse(written);
    if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return undefined;
    return parsed.href === `${parsed.origin}/` ? parsed : undefined;
  },
);

/** A directory, made absolute against the working directory. */
export const directory: Rule<string> = rule('a directory', (written) => path.resolve(written));

/** An absolute path of a file. */
export const absolutePath: Rule<string> = rule('an absolute path', (written) =>
  path.isAbsolute(written) ? written : undefined,
);

/** An address to listen on: a name or an IP address. */
export const hostName: Rule<string> = rule('an IP address or a host name', (written) =>
  isIP(written) > 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(written)
    ? written
    : undefined,
);

const MAILBOX = /^[^\s@<>",;]+@[^\s@<>",;]+$/;

/** A bare e-mail address. */
export const emailAddress: Rule<string> = rule('an e-mail address', (written) =>
  MAILBOX.test(written) ? written : undefined,
);

/** A sender, `name@domain` or `Name <name@domain>`, on one line. */
export const sender: Rule<string> = rule(
  'a sender like no-reply@photos.example or Photos <no-reply@photos.example>',
  (written) => {
    const address = /^[^<>\r\n]*<([^<>]+)>$/.exec(written)?.[1] ?? written;
    return MAILBOX.test(address) ? written : undefined;
  },
);

function listOf(what: string, accepts: (item: string) => boolean): Rule<string[]> {
  return rule(`a comma-separated list of ${what}`, (written) => {
    const items = written
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return items.every(accepts) ? [...new Set(items)] : undefined;
  });
}

function isNetwork(item: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(item)) return true;
  const [address = '', prefix, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  );
}

/** Proxies by address, network or one of three names; `none` is the empty list. */
export const proxies: Rule<string[]> = rule(
  'none, or a comma-separated list of IP addresses, networks such as 10.0.0.0/8, loopback, linklocal or uniquelocal',
  (written) => {
    if (written === 'none') return [];
    const parsed = listOf('networks', isNetwork).schema.safeParse(written);
    return parsed.success ? parsed.data : undefined;
  },
);

/** Language tags as in BCP 47, in canonical form. */
export const languages: Rule<string[]> = rule(
  'a comma-separated list of language tags such as en, de or pt-BR',
  (written) => {
    try {
      const tags = Intl.getCanonicalLocales(written.split(',').map((tag) => tag.trim()));
      return tags.length > 0 ? tags : undefined;
    } catch {
      return undefined;
    }
  },
);

/** 32 bytes as base64 or base64url; kept as written, decoded where the key is used. */
export const serverKey: Rule<string> = rule(
  '32 random bytes in base64 (try: openssl rand -base64 32)',
  (written) =>
    /^[A-Za-z0-9+/_-]{43}=?$/.test(written) && Buffer.from(written, 'base64').length === 32
      ? written
      : undefined,
);
