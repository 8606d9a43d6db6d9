// The codes that the description of a mutation lists, and the promise that no answer gives another one.
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';

/** Codes by mutation, as its description in `schema.graphql` lists them behind `Codes:`. */
export function listedCodes(): ReadonlyMap<string, ReadonlySet<string>> {
  return (known ??= readCodes());
}

let known: ReadonlyMap<string, ReadonlySet<string>> | undefined;

function readCodes(): ReadonlyMap<string, ReadonlySet<string>> {
  const fields = buildSchema(readFileSync('schema.graphql', 'utf8')).getMutationType()!.getFields();
  return new Map(
    Object.values(fields).map(({ name, description }) => [name, codesIn(description ?? '')]),
  );
}

function codesIn(description: string): ReadonlySet<string> {
  const list = /\bCodes: (.+)$/s.exec(description)?.[1] ?? '';
  return new Set(list.match(/\b[A-Z]+(?:_[A-Z]+)*\b/g) ?? []);
}

/**
 * Refuses an answer whose `userErrors` have a code that the description of its mutation does not list. Mutations
 * under an alias are not looked at.
 */
export function requireListedCodes(data: unknown): void {
  if (typeof data !== 'object' || data === null) return;
  for (const [name, payload] of Object.entries(data)) {
    const listed = listedCodes().get(name);
    const given = (payload as { userErrors?: { code?: string }[] } | null)?.userErrors ?? [];
    for (const { code } of listed ? given : []) {
      if (code !== undefined && !listed!.has(code))
        throw new Error(`${name} answers ${code}, which its description does not list`);
    }
  }
}
