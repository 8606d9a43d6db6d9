/** Files that are to be sent, wherever they are. */
import type { AttachmentContent } from './payload.js';

/** A file, read once from its beginning to its end. */
export interface FileSource {
  readonly sizeBytes: number;
  read(): AsyncIterable<Uint8Array>;
}

/** What is said of a file beside its bytes; all of it is told inside the encryption only. */
export type FileAbout = Pick<AttachmentContent, 'name' | 'mediaType'> &
  Partial<Pick<AttachmentContent, 'width' | 'height' | 'durationMs' | 'waveform'>>;

/** A file of a browser, or bytes in memory. */
export function fileOf(file: Blob | Uint8Array): FileSource {
  const blob = file instanceof Blob ? file : null;
  if (blob) return { sizeBytes: blob.size, read: () => partsOf(blob.stream()) };
  const bytes = file as Uint8Array;
  return {
    sizeBytes: bytes.length,
    async *read() {
      yield bytes;
    },
  };
}

/** What a stream gives, part by part; not all browsers iterate over one. */
export async function* partsOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
