/**
 * Categories of videos: those of PeerTube, under their names and numbers, so that a video of either side stands with its like.
 *
 * @source PeerTube, `VIDEO_CATEGORIES`
 */
export const VIDEO_CATEGORIES: ReadonlyMap<string, number> = new Map([
  ['Music', 1],
  ['Films', 2],
  ['Vehicles', 3],
  ['Art', 4],
  ['Sports', 5],
  ['Travels', 6],
  ['Gaming', 7],
  ['People', 8],
  ['Comedy', 9],
  ['Entertainment', 10],
  ['News & Politics', 11],
  ['How To', 12],
  ['Education', 13],
  ['Activism', 14],
  ['Science & Technology', 15],
  ['Animals', 16],
  ['Kids', 17],
  ['Food', 18],
]);

/** A category in the words of PeerTube; without a number where it has none. */
export function categoryDocument(name: string): object {
  const number = VIDEO_CATEGORIES.get(name);
  return { ...(number !== undefined && { identifier: String(number) }), name };
}
