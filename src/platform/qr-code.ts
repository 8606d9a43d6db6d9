/** QR codes as pictures that need nothing else. */
import { encodeQR } from 'qr';

/** Light modules around the code, without which readers do not find it. @source ISO/IEC 18004:2024 §6.3.8 */
const QUIET_ZONE = 4;

/** Pixels of one module where nobody says how large the picture is to be. */
const MODULE_SIZE = 8;

/**
 * A code as SVG, black on white whatever is behind it.
 *
 * @param text what readers get; at most some 1,000 bytes
 * @param title what the picture says to those who do not see it, plain text
 */
export function qrCodeSvg(text: string, title: string): string {
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
  const width = modules.length;
  const size = width * MODULE_SIZE;
  const path = modules.map(rowPath).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${width}" width="${size}" height="${size}" role="img" shape-rendering="crispEdges"><title>${escapeXml(title)}</title><path fill="#fff" d="M0 0h${width}v${width}H0z"/><path d="${path}"/></svg>`;
}

/** A rectangle for each run of dark modules. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    const start = x;
    while (row[x]) x++;
    if (x > start) path += `M${start} ${y}h${x - start}v1h${start - x}z`;
  }
  return path;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
