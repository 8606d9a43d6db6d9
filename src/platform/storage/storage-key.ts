/** The form of a storage key: what any storage may turn into a path or an address without a second look. */

const KEY = /^[a-z0-9][a-z0-9_-]*(?:[./][a-z0-9_-]+)*$/;

/** True for a key that this server could have made. */
export function isStorageKey(key: string): boolean {
  return KEY.test(key);
}

/** The key itself. @throws {Error} when it is not one that this server makes */
export function requireKey(key: string): string {
  if (!isStorageKey(key)) throw new Error(`not a storage key: ${key}`);
  return key;
}
