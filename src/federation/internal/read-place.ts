/** Where something was made, as ActivityStreams documents say it. @source ActivityStreams 2.0; Pixelfed writes degrees as texts */
import type { RemotePlace } from '../../posts/remote-place.js';
import { listOf, objectOf, textOf } from './read-properties.js';

/** The first place that has a name; null when there is none. */
export function placeOf(value: unknown): RemotePlace | null {
  const [first] = listOf(value);
  const place = objectOf(first);
  const name = textOf(place?.['name'])?.trim();
  if (!place || place['type'] !== 'Place' || !name) return null;
  const latitude = degreesOf(place['latitude'], 90);
  const longitude = degreesOf(place['longitude'], 180);
  const isPoint = latitude !== null && longitude !== null;
  return {
    name,
    country: textOf(place['country'])?.trim() || null,
    point: isPoint ? { latitude, longitude } : null,
  };
}

function degreesOf(value: unknown, most: number): number | null {
  const text = textOf(value);
  const degrees = text !== null && /^-?\d{1,3}(?:\.\d{1,20})?$/.test(text) ? Number(text) : value;
  return typeof degrees === 'number' && Math.abs(degrees) <= most ? degrees : null;
}
