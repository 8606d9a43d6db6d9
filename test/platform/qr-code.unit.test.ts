// QR codes: what is drawn is read by another program, in every size that addresses have.
import { expect, test } from '@jest/globals';
import { qrCodeSvg } from '../../src/platform/qr-code.js';
import { readQrCode } from '../support/qr-code.js';

test.each([
  'https://a.example/@ada',
  'HTTPS://A.EXAMPLE/INVITE/0123456789',
  `https://a.example/@${'x'.repeat(30)}`,
  `https://xn--bcher-kva.example/invite/${'Ab-_9'.repeat(60)}`,
  'https://a.example/@Zoë – 🪁',
  '12345678901234567890',
])('%s is read as it was written', async (text) => {
  expect(await readQrCode(qrCodeSvg(text, 'A code'))).toBe(text);
});

test('a code is read small, too, and on a dark page', async () => {
  const svg = qrCodeSvg('https://a.example/@ada', 'Ada');
  expect(await readQrCode(svg, 99)).toBe('https://a.example/@ada');
  const dark = svg.replace('<title>', '<rect width="100%" height="100%" fill="#000"/><title>');
  expect(await readQrCode(dark)).toBe('https://a.example/@ada');
});

test('a title with signs of its own stays text', () => {
  const svg = qrCodeSvg('x', '</title><script>alert("x")</script>&');
  expect(svg).not.toContain('<script');
  expect(svg).toContain('<title>&#60;/title&#62;&#60;script&#62;');
  expect(svg).toContain('&#38;</title>');
});
