// The parts of a backup: one tar archive that starts with a header and ends with a manifest of everything between.
//
//   header.json                       what the data are and what a restore needs to know first
//   database/<schema>.<table>/<n>     rows in COPY's text format, cut into pieces
//   server-key.json                   the server key, sealed under a passphrase if one was given
//   media/<storage key>               the bytes of one object
//   manifest.json                     digest and size of every part before it; a backup without it is incomplete
import { z } from 'zod';

import { CommandLineError } from '../command-line-error.js';

/** Rises when an older version could no longer read what a newer one writes. */
export const FORMAT_VERSION = 1;

/** Name of the first part. */
export const HEADER_NAME = 'header.json';

/** Name of the last part. */
export const MANIFEST_NAME = 'manifest.json';

/** Name of the part that holds the server key. */
export const SERVER_KEY_NAME = 'server-key.json';

/** Stands before the storage key of every object. */
export const MEDIA_PREFIX = 'media/';

const table = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()).readonly(),
});

/** First part. `createdAt` is the moment of the snapshot. */
export const headerSchema = z.object({
  formatVersion: z.number().int(),
  createdAt: z.iso.datetime(),
  domain: z.string(),
  keyFingerprint: z.string(),
  /** Names, oldest first. */
  migrations: z.array(z.string()),
  tables: z.array(table),
});

/** What the data are. */
export type Header = z.infer<typeof headerSchema>;

const part = z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() });

/** Last part. */
export const manifestSchema = z.object({
  parts: z.array(part),
  /** Rows by `schema.table`. */
  rowCounts: z.record(z.string(), z.number().int()),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), value: z.string() })),
  media: z.object({
    objects: z.number().int(),
    bytes: z.number().int(),
    missing: z.array(z.string()),
  }),
});

/** Everything that a complete backup holds. */
export type Manifest = z.infer<typeof manifestSchema>;

/** One part as the manifest lists it. */
export type Part = z.infer<typeof part>;

/** `schema.table`, which names the pieces of a table. */
export function tableName({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`;
}

/** The table to which a part belongs, or null if it is not a piece of a table. */
export function tableOfPart(partName: string): string | null {
  return /^database\/([^/]+)\/\d+$/.exec(partName)?.[1] ?? null;
}

/** Rows that end in a piece of a table: a line feed inside a value is escaped. */
export function countRows(piece: Buffer): number {
  let rows = 0;
  for (let at = piece.indexOf(0x0a); at !== -1; at = piece.indexOf(0x0a, at + 1)) rows += 1;
  return rows;
}

/** A backup can't be made, is damaged, or doesn't belong here; the message is for the administrator. */
export class BackupError extends CommandLineError {}
