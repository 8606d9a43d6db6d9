/** Values of JSON that another server sent: each as what it should be, or nothing. */
import { isStorable } from '../../../platform/storable-text.js';

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

const ADDRESS_LENGTH = 2048;
const MOST_SEQUENCE = 2 ** 31 - 2;
/** More than four digits of a year are for nobody to read. */
const END_OF_TIME = Date.UTC(10_000, 0);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** An object; null for anything else. */
export function objectIn(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}

/** Items of a list, or the one that stands alone. */
export function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  return value === undefined || value === null ? [] : [value];
}

/** A text that can be stored, of at most so many characters; null for anything else. */
export function textIn(value: unknown, most: number): string | null {
  return typeof value === 'string' && value.length <= most && isStorable(value) ? value : null;
}

/** A web address; null for anything else. */
export function addressIn(value: unknown): string | null {
  const text = textIn(value, ADDRESS_LENGTH);
  const url = text === null ? null : URL.parse(text);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? text : null;
}

/** A number that counts something; null for anything else. */
export function countIn(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_SEQUENCE
    ? (value as number)
    : null;
}

/** A moment that can be stored; null for anything else, and for one before there were messages. */
export function momentIn(value: unknown): Date | null {
  const date = typeof value === 'string' ? new Date(value) : null;
  return date && date.getTime() >= 0 && date.getTime() < END_OF_TIME ? date : null;
}

/** Bytes in canonical base64, 1 to so many; null for anything else. */
export function bytesIn(value: unknown, most: number): Buffer | null {
  if (typeof value !== 'string' || value.length > 4 * Math.ceil(most / 3) || !BASE64.test(value))
    return null;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length <= most && bytes.toString('base64') === value ? bytes : null;
}

/** Whether two addresses are of one server. */
export function isSameOrigin(one: string, other: string): boolean {
  return URL.parse(one)?.origin === URL.parse(other)?.origin;
}
