/** What is wrong with somebody's captions, and where. */
export class CaptionsMistake extends Error {
  constructor(
    /** From 1. */
    readonly line: number,
    /** A sentence without the line. */
    readonly reason: string,
  ) {
    super(`Line ${line}: ${reason}`);
    this.name = 'CaptionsMistake';
  }
}
