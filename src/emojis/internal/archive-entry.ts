/** What readers of archives have in common, whatever the format. */

/** Something in an archive, under the name that it has there. */
export interface ArchiveEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'other';
  /** Null for a file that is larger than its limit. */
  readonly bytes: Buffer | null;
}

/** How much is read. */
export interface ArchiveLimits {
  /** Bytes of the file of this name. */
  readonly limitOf: (name: string) => number;
  /** Bytes of all files together, unpacked. */
  readonly mostBytes: number;
  readonly mostEntries: number;
}

/** The archive means harm, or is nothing that is read here; the message says which. Any other error: it is damaged. */
export class ArchiveRefused extends Error {}
