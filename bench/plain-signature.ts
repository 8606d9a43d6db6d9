// HTTP signatures in a few lines, as other servers make them: no part of what is measured.
import { createHash, sign, verify, type KeyObject } from 'node:crypto';

const COVERED = ['(request-target)', 'host', 'date', 'digest'] as const;

/** Headers of a signed POST to an inbox. */
export function signedHeaders(
  url: URL,
  body: Uint8Array,
  keyId: string,
  key: KeyObject,
): Record<string, string> {
  const headers = {
    host: url.host,
    date: new Date().toUTCString(),
    digest: `SHA-256=${createHash('sha256').update(body).digest('base64')}`,
  };
  const signature = sign('sha256', baseOf(url.pathname, headers), key).toString('base64');
  return {
    ...headers,
    signature: `keyId="${keyId}",algorithm="rsa-sha256",headers="${COVERED.join(' ')}",signature="${signature}"`,
  };
}

/** Whether digest and signature are right. */
export function isSigned(
  target: string,
  headers: Readonly<Record<string, unknown>>,
  body: Uint8Array,
  key: KeyObject,
): boolean {
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
  const [, signature = ''] = /signature="([^"]+)"$/.exec(String(headers['signature'])) ?? [];
  return (
    headers['digest'] === digest &&
    verify('sha256', baseOf(target, headers), key, Buffer.from(signature, 'base64'))
  );
}

function baseOf(target: string, headers: Readonly<Record<string, unknown>>): Buffer {
  const lines = COVERED.map((name) =>
    name === '(request-target)' ? `${name}: post ${target}` : `${name}: ${String(headers[name])}`,
  );
  return Buffer.from(lines.join('\n'));
}
