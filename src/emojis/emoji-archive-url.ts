/** The link to an archive of all custom emoji: made for administrators, signed, good for an hour. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Services } from '../platform/context.js';

type Signer = Pick<Services, 'config' | 'sealer' | 'clock'>;

const LIFE_SECONDS = 3_600;

/** Address of the archive, as it is when it is fetched. */
export function emojiArchiveUrl(services: Signer): string {
  const expires = Math.floor(services.clock.now().getTime() / 1000) + LIFE_SECONDS;
  const url = `${services.config.publicUrl.origin}/emojis/archive.tar.gz`;
  return `${url}?expires=${expires}&signature=${sign(services, expires)}`;
}

/** True for a signature of this server that has not expired. */
export function isSignedEmojiArchive(
  services: Signer,
  query: { expires?: unknown; signature?: unknown },
): boolean {
  if (typeof query.expires !== 'string' || typeof query.signature !== 'string') return false;
  const expires = Number(query.expires);
  if (!Number.isSafeInteger(expires) || expires * 1000 < services.clock.now().getTime())
    return false;
  const expected = Buffer.from(sign(services, expires));
  const given = Buffer.from(query.signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sign({ sealer }: Signer, expires: number): string {
  return createHmac('sha256', sealer.deriveKey('emoji-archive-url'))
    .update(String(expires))
    .digest('base64url');
}
