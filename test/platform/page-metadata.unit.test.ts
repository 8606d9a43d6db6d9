// What a page says about itself, read as plain text.
import { expect, test } from '@jest/globals';
import { readPageMetadata } from '../../src/platform/page-metadata.js';
import { cpuMilliseconds } from '../support/cpu-time.js';

const read = (html: string, contentType = 'text/html') =>
  readPageMetadata(Buffer.from(html), contentType);

test('OpenGraph comes before the tags of Twitter, and those before the tags of HTML', () => {
  const html = `<html><head><title>Plain</title><meta name="description" content="plain text">
    <meta name="twitter:title" content="Bird"><meta name="twitter:description" content="bird text">`;
  expect(read(html)).toEqual({ title: 'Bird', description: 'bird text', siteName: null });
  expect(
    read(
      `${html}<meta property="og:title" content="Open"><meta property="og:site_name" content="The Site">`,
    ),
  ).toEqual({ title: 'Open', description: 'bird text', siteName: 'The Site' });
  expect(read('<title>Only &amp; alone</title>')).toEqual({
    title: 'Only & alone',
    description: null,
    siteName: null,
  });
});

test('a page without a title has no preview', () => {
  for (const html of ['', '<p>text</p>', '<title> </title>', '<meta property="og:title">'])
    expect(read(html)).toBeNull();
});

test('texts are plain, in one line, without signs that turn others around, and bounded', () => {
  const seen = read(
    `<meta property="og:title" content="&lt;b&gt;one&lt;/b&gt;\n\t two\u202Eeerht"><meta property="og:description" content="${'x'.repeat(600)}">`,
  );
  expect(seen!.title).toBe('<b>one</b> two eerht');
  expect([...seen!.description!]).toHaveLength(500);
  expect(seen!.description!.endsWith('…')).toBe(true);
});

test('the first of several counts; scripts and pictures say nothing', () => {
  expect(
    read(
      '<script>"<title>no</title>"</script><svg><title>drawing</title></svg><title>yes</title><title>second</title>',
    )!.title,
  ).toBe('yes');
});

test('the charset of the header counts, then that of the page, then UTF-8', () => {
  const latin = Buffer.from('<title>caf\u00e9</title>', 'latin1');
  expect(readPageMetadata(latin, 'text/html; charset=ISO-8859-1')!.title).toBe('café');
  const declared = Buffer.from('<meta charset="windows-1252"><title>caf\u00e9</title>', 'latin1');
  expect(readPageMetadata(declared, 'text/html')!.title).toBe('café');
  expect(read('<title>café</title>', 'text/html; charset=nonsense')!.title).toBe('café');
});

test('what stands behind the head says nothing', () => {
  const late = '<meta property="og:title" content="late">';
  expect(read(`<head><title>head</title></head>${late}`)!.title).toBe('head');
  expect(read(`<title>head</title><body>${late}`)!.title).toBe('head');
  expect(read(`<HEAD><TITLE>loud</TITLE><META NAME=Description CONTENT=quiet>`)).toEqual({
    title: 'loud',
    description: 'quiet',
    siteName: null,
  });
});

test.each([
  '<b>',
  '<div>',
  '<svg>',
  '<svg><title>',
  '<form>',
  '</b>',
  '<',
  '</',
  '<!',
  '<!--',
  '<title>',
  '<meta ',
  '<meta name=a content="',
  '<meta a=b c=d>',
  '&amp',
  '<title>&',
  '<script>',
])('a hostile page of 1 MiB of %s is read in less than 100 ms', (piece) => {
  const body = Buffer.from(piece.repeat(2 ** 20 / piece.length));
  expect(cpuMilliseconds(() => readPageMetadata(body, 'text/html'))).toBeLessThan(100);
});
