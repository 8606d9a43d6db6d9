/** Words for making one video of two. */

/** How two videos become one. Volumes are percent. */
export type Combination =
  | {
      /** The clip, with the sound of the original instead of its own, or under it. */
      readonly kind: 'SOUND';
      readonly originalVolume: number;
      readonly clipVolume: number;
    }
  | {
      /** Both at once, as long as the clip. */
      readonly kind: 'DUET';
      readonly layout: 'SIDE_BY_SIDE' | 'TOP_AND_BOTTOM';
      readonly originalVolume: number;
      readonly clipVolume: number;
    }
  | {
      /** The beginning of the original, then the clip. */
      readonly kind: 'STITCH';
      readonly seconds: number;
    };
