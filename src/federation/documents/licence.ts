/** Licences on the wire: addresses of Creative Commons, which people here call by their SPDX ids. @source FEP-6757 */

const SPDX = /^cc-(by(?:-nc)?(?:-sa|-nd)?)-(\d\.\d)$/i;
const ADDRESS =
  /^https?:\/\/creativecommons\.org\/licenses\/(by(?:-nc)?(?:-sa|-nd)?)\/(\d\.\d)(?:\/(?:deed[a-z.]*)?)?$/;
const ZERO = 'https://creativecommons.org/publicdomain/zero/1.0';

/** Address of a licence; null for one that has none, or is only a name. */
export function licenceAddress(licence: string | null): string | null {
  if (licence === null) return null;
  if (/^cc0(?:-1\.0)?$/i.test(licence)) return ZERO;
  const [, terms, version] = SPDX.exec(licence) ?? [];
  if (terms !== undefined)
    return `https://creativecommons.org/licenses/${terms.toLowerCase()}/${version}`;
  return URL.parse(licence)?.protocol === 'https:' ? licence : null;
}

/** What a licence is called here: its SPDX id where there is one, or else its address. */
export function licenceName(address: string): string {
  if (address.replace(/^http:/, 'https:').startsWith(ZERO)) return 'CC0-1.0';
  const [, terms, version] = ADDRESS.exec(address) ?? [];
  return terms === undefined ? address : `CC-${terms.toUpperCase()}-${version}`;
}
