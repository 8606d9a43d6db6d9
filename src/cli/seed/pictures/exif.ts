// What a camera would have written into the file.
import type { Exif } from 'sharp';
import type { LightName } from './light.js';

type Exposure = readonly [seconds: string, fNumber: string, iso: string];

const BY_LIGHT: Readonly<Record<LightName, Exposure>> = {
  dawn: ['1/60', '56/10', '400'],
  morning: ['1/250', '8/1', '200'],
  noon: ['1/500', '8/1', '100'],
  golden: ['1/200', '56/10', '200'],
  sunset: ['1/125', '8/1', '200'],
  dusk: ['1/15', '28/10', '1600'],
  night: ['15/1', '28/10', '3200'],
  overcast: ['1/160', '4/1', '400'],
};

/** The entries of a picture taken with this camera (`Make Model`) in this light. */
export function exifOf(camera: string, light: LightName): Exif {
  const [Make = camera, ...model] = camera.split(' ');
  const [ExposureTime, FNumber, ISOSpeedRatings] = BY_LIGHT[light];
  const exposure = { ExposureTime, FNumber, ISOSpeedRatings, FocalLength: '35/1' };
  return { IFD0: { Make, Model: model.join(' ') }, IFD2: exposure };
}
