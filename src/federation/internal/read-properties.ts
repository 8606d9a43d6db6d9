/** Properties of ActivityStreams documents, in the many shapes in which servers write the same thing. */
import type { JsonObject } from './read-document.js';

/** A value as a list: nothing, one thing, or several. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** A text; null for anything else. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Whether an object is of one of these types; it may have several. */
export function isOfType({ type }: JsonObject, types: ReadonlySet<string>): boolean {
  return listOf(type).some((one) => types.has(textOf(one) ?? ''));
}

/** An object; null for anything else. */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : null;
}

/** The identity of something that is named, linked, or embedded; of several the first. */
export function idOf(value: unknown): string | null {
  const [first] = listOf(value);
  const object = objectOf(first);
  return textOf(first) ?? textOf(object?.['id']) ?? textOf(object?.['href']);
}

/** The identities of all. */
export function idsOf(value: unknown): readonly string[] {
  return listOf(value)
    .map((one) => idOf(one))
    .filter((id) => id !== null);
}

/** The type; of several the first that is one of `known`. */
export function typeOf(document: JsonObject, known: ReadonlySet<string>): string | null {
  const types = listOf(document['type']).filter((type) => typeof type === 'string');
  return types.find((type) => known.has(type)) ?? null;
}

/** An instant; null for what is none, or is far from any that a person lived in. */
export function instantOf(value: unknown): Date | null {
  const at = new Date(textOf(value) ?? Number.NaN);
  const year = at.getUTCFullYear();
  return year >= 1970 && year < 10_000 ? at : null;
}

/**
 * Longest address that names anything, in bytes: two of them are the key of an index, which takes 2,704. No server is
 * known to write more than 255.
 */
const LONGEST_ADDRESS = 1_024;

/** Whether an address is short enough to be kept. */
export function isShortAddress(address: string): boolean {
  return Buffer.byteLength(address) <= LONGEST_ADDRESS;
}

const LANGUAGE = /^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$/;

/** A language tag; null for anything else. */
export function languageTagOf(value: unknown): string | null {
  const tag = textOf(value)?.replaceAll('_', '-') ?? '';
  return tag.length <= 35 && LANGUAGE.test(tag) ? tag : null;
}

/** The page of something, where that is a web address that can be kept; of several the one that is said to be a page. */
export function pageOf(value: unknown): string | null {
  const isPage = (one: unknown): boolean => objectOf(one)?.['mediaType'] === 'text/html';
  const address = webAddressOf(listOf(value).find((one) => isPage(one)) ?? value);
  return address !== null && isShortAddress(address) ? address : null;
}

/** A web address; null for anything else. */
export function webAddressOf(value: unknown): string | null {
  for (const one of listOf(value)) {
    const text = textOf(one) ?? textOf(objectOf(one)?.['href']);
    const url = text === null ? null : URL.parse(text);
    if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href;
  }
  return null;
}

/** More than there are people: a larger number is none that a server could have counted. */
const LARGEST_COUNT = 1_000_000_000;

/** What a collection says about how many are in it; null when it does not, or says what cannot be. */
export function countOf(collection: unknown): number | null {
  const total = objectOf(collection)?.['totalItems'];
  return typeof total === 'number' &&
    Number.isInteger(total) &&
    total >= 0 &&
    total <= LARGEST_COUNT
    ? total
    : null;
}
