// Videos as rows that look processed, and what is done with them: the way there is tested elsewhere.
import { makeVideo, publish, type Answered } from './posts.js';
import type { Person, World } from './world.js';

/** A short file of captions; `text` is what it says. */
export function webVtt(text: string): string {
  return `WEBVTT\n\n00:00:00.100 --> 00:00:00.900\n${text}\n`;
}

/** Publishes a post that is a video; answers its id and that of the video. */
export async function publishVideo(
  world: World,
  author: Person,
  common: Record<string, unknown> = {},
): Promise<{ postId: string; mediaId: string }> {
  return makeVideo(world, await publish(world, author, common));
}

const SAVE = `mutation ($input: SaveCaptionTrackInput!) { saveCaptionTrack(input: $input) {
  media { id captions { kind language label isAutomatic isRemote url } } userErrors { code message path ... on ValidationError { limit } } } }`;

/** A track as clients see it. */
export interface SeenTrack {
  readonly kind: string;
  readonly language: string;
  readonly label: string | null;
  readonly isAutomatic: boolean;
  readonly isRemote: boolean;
  readonly url: string;
}

/** Saves captions; English ones unless told otherwise. */
export async function saveCaptions(
  owner: Person,
  mediaId: string,
  content: string,
  more: Record<string, unknown> = {},
): Promise<Answered<{ media: { id: string; captions: SeenTrack[] } | null }>> {
  const input = { mediaId, kind: 'CAPTIONS', language: 'en', content, ...more };
  const answer = await owner.graphql<{
    saveCaptionTrack: Answered<{ media: { id: string; captions: SeenTrack[] } | null }>;
  }>(SAVE, { input });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.saveCaptionTrack;
}
