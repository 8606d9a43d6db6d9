// Tells colour profiles that reach beyond sRGB from those that do not, by the area of their primaries.

/** Area of sRGB's triangle in xy, from its primaries adapted to D50 as ICC profiles store them. */
const SRGB_AREA = triangleArea([
  [0.4361, 0.2225, 0.0139],
  [0.3851, 0.7169, 0.0971],
  [0.1431, 0.0606, 0.7141],
]);
const CLEARLY_WIDER = 1.1;

type Xyz = readonly [number, number, number];

/**
 * Whether an ICC profile has clearly more colours than sRGB, as Display P3, Adobe RGB or Rec. 2020 have.
 *
 * Profiles without primaries (tables, grey, CMYK) and damaged ones count as not wide.
 *
 * @source ICC.1:2022 §7.2 header, §7.3 tag table, §10.31 XYZType
 */
export function isWideGamut(profile: Buffer | undefined): boolean {
  if (!profile || profile.length < 132 || profile.toString('latin1', 16, 20) !== 'RGB ')
    return false;
  const primaries = ['rXYZ', 'gXYZ', 'bXYZ'].map((tag) => readXyz(profile, tag));
  const [red, green, blue] = primaries;
  if (!red || !green || !blue) return false;
  return triangleArea([red, green, blue]) > SRGB_AREA * CLEARLY_WIDER;
}

function readXyz(profile: Buffer, tag: string): Xyz | undefined {
  const count = Math.min(profile.readUInt32BE(128), 100);
  for (let entry = 132; entry < 132 + count * 12 && entry + 12 <= profile.length; entry += 12) {
    if (profile.toString('latin1', entry, entry + 4) !== tag) continue;
    const offset = profile.readUInt32BE(entry + 4);
    if (offset + 20 > profile.length) return undefined;
    const fixed = (index: number): number => profile.readInt32BE(offset + 8 + index * 4) / 65_536;
    return [fixed(0), fixed(1), fixed(2)];
  }
  return undefined;
}

function triangleArea(corners: readonly [Xyz, Xyz, Xyz]): number {
  const [[ax, ay], [bx, by], [cx, cy]] = corners.map(chromaticity) as [Xy, Xy, Xy];
  return Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
}

type Xy = readonly [number, number];

function chromaticity([x, y, z]: Xyz): Xy {
  const sum = x + y + z;
  return [x / sum, y / sum];
}
