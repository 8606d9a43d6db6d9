/** What bytes are, by their beginning: only sound and moving pictures go through the proxy, whatever their server calls them. */

/** Bytes that are looked at; two packets of a transport stream and one byte. */
export const SNIFFED_BYTES = 377;

/** Boxes with which files of MP4 and their segments begin. */
const BOXES = new Set(['ftyp', 'styp', 'moof', 'sidx', 'moov', 'emsg', 'prft', 'mdat', 'free']);
const PACKET = 188;

/** Type of a video or of sound; null for all else. */
export function sniffVideo(bytes: Buffer): string | null {
  if (bytes.length < 8) return null;
  const box = bytes.toString('latin1', 4, 8);
  if (BOXES.has(box)) return mp4TypeOf(bytes, box);
  if (bytes.readUInt32BE(0) === 0x1a45dfa3) return 'video/webm';
  if (bytes.toString('latin1', 0, 4) === 'OggS') return 'video/ogg';
  if (isTransportStream(bytes)) return 'video/mp2t';
  if (bytes.toString('latin1', 0, 3) === 'ID3') return 'audio/aac';
  // ADTS: twelve bits of synchronisation, layer 0
  return (bytes.readUInt16BE(0) & 0xfff6) === 0xfff0 ? 'audio/aac' : null;
}

function mp4TypeOf(bytes: Buffer, box: string): string | null {
  if (box !== 'ftyp') return 'video/mp4';
  const brand = bytes.toString('latin1', 8, 12);
  // still pictures are in the same container
  if (/^(?:mif1|msf1|hei[cmxs]|hev[cmx]|avi[fs]|crx )$/.test(brand)) return null;
  return brand === 'qt  ' ? 'video/quicktime' : 'video/mp4';
}

function isTransportStream(bytes: Buffer): boolean {
  return bytes.length > 2 * PACKET && [0, PACKET, 2 * PACKET].every((at) => bytes[at] === 0x47);
}
