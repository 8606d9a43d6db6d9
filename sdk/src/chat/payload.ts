/** What is said inside the encryption. */

/** A file that lies encrypted on a server; all that it takes to read it. */
export interface AttachmentContent {
  /** Where it lies. */
  readonly url: string;
  /** Key of the stream, 32 bytes. */
  readonly key: Uint8Array;
  /** SHA-256 of what lies there. */
  readonly sha256: Uint8Array;
  /** Bytes of the file itself; what lies there is padded. */
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly name: string;
  /** Of pictures and videos; null = unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** Of sounds and videos; null = it has none. */
  readonly durationMs: number | null;
  /** Loudness of a voice note from 0 to 100, at most 128 places; null = it is no voice note. */
  readonly waveform: readonly number[] | null;
}

/** A message, or what is done to one. Ids are `uri:uuid:…`, made by who sends. */
export type Payload = { readonly id: string } & (
  | {
      readonly kind: 'text';
      /** HTML, sanitised. */
      readonly html: string;
      readonly inReplyTo: string | null;
      readonly attachments: readonly AttachmentContent[];
    }
  | { readonly kind: 'edit'; readonly target: string; readonly html: string }
  | { readonly kind: 'delete'; readonly target: string }
  | { readonly kind: 'reaction'; readonly target: string; readonly emoji: string }
  | { readonly kind: 'undo'; readonly target: string }
  | {
      readonly kind: 'receipt';
      readonly state: 'delivered' | 'read';
      readonly targets: readonly string[];
    }
  | {
      readonly kind: 'poll';
      readonly question: string;
      readonly options: readonly string[];
      readonly isMultiple: boolean;
      readonly endsAt: string | null;
    }
  | { readonly kind: 'vote'; readonly target: string; readonly options: readonly string[] }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name: string | null;
    }
  | { readonly kind: 'contact'; readonly uri: string; readonly name: string }
  /** WebRTC's own words, for a call that is set up between the devices. */
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly signal: string;
      readonly body: string;
    }
  /** After how many seconds messages go from now on; null = they stay. */
  | { readonly kind: 'timer'; readonly seconds: number | null }
  | { readonly kind: 'title'; readonly title: string }
  /** Picture of the conversation; null = it has none any more. */
  | { readonly kind: 'picture'; readonly file: AttachmentContent | null }
  /** Whoever says so leaves, with all their devices. */
  | { readonly kind: 'leave' }
  /** The head of the key log that the sender saw last, so that a server cannot show two. */
  | {
      readonly kind: 'keyLogHead';
      readonly treeSize: string;
      readonly rootHash: Uint8Array;
      readonly server: string;
    }
  /** Something this version does not understand. */
  | { readonly kind: 'unknown'; readonly type: string }
);

/** A payload before it has an id. */
export type NewPayload = Payload extends infer Each
  ? Each extends { readonly id: string }
    ? Omit<Each, 'id'>
    : never
  : never;
