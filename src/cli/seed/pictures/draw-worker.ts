// Draws in a thread of its own: pixels are all work and no waiting.
import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import { drawPicture, type Wish } from './picture.js';

// Several threads draw side by side already.
sharp.concurrency(1);

parentPort?.on('message', (wish: Wish) => {
  void drawPicture(wish).then((picture) => parentPort?.postMessage(picture, []));
});
