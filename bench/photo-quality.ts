// Scores every rendition of real photographs with ssimulacra2 against a lossless resize of the original and
// prints a Markdown table. Started by tools/measure-quality.sh, which knows where the scorer is:
//   node dist/bench/photo-quality.js <command that takes two PNG files and prints a score>
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { imageProcessor } from '../test/support/image-processor.js';
import { realPhotographs } from '../test/support/photographs.js';

/** The worst photograph in the worst size that feeds show. */
const LEAST_SCORE = 80;

type ImageProcessor = ReturnType<typeof imageProcessor>;
type RenderedFile = Awaited<ReturnType<ImageProcessor['process']>>['renditions'][number];

interface Score {
  size: RenderedFile['name'];
  photograph: string;
  score: number;
  kilobytes: number;
  bitsPerPixel: number;
}

/** True when every size of every photograph reaches the least score. */
async function main(scorer: readonly string[]): Promise<boolean> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'triptych-quality-'));
  try {
    const scores = await scoreAll(await realPhotographs(), directory, scorer);
    return report(scores);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function scoreAll(
  photographs: readonly string[],
  directory: string,
  scorer: readonly string[],
) {
  await using processor = imageProcessor({ parallel: 1, timeoutSeconds: 120 });
  const scores: Score[] = [];
  for (const inputPath of photographs) {
    const outputDirectory = path.join(directory, path.basename(inputPath));
    const image = await processor.process({ inputPath, outputDirectory, purpose: 'photo' });
    for (const file of image.renditions) {
      const score = await scoreOne(inputPath, file, directory, scorer);
      const bitsPerPixel = (file.sizeBytes * 8) / (file.width * file.height);
      const name = path.basename(inputPath).split('_by_')[0] ?? inputPath;
      scores.push({
        size: file.name,
        photograph: name,
        score,
        kilobytes: file.sizeBytes / 1000,
        bitsPerPixel,
      });
    }
  }
  return scores;
}

async function scoreOne(
  original: string,
  file: RenderedFile,
  directory: string,
  [command = '', ...words]: readonly string[],
): Promise<number> {
  const [reference, derived] = [path.join(directory, 'a.png'), path.join(directory, 'b.png')];
  const { width, height } = file;
  await sharp(original, { autoOrient: true })
    .resize({ width, height, fit: 'fill', fastShrinkOnLoad: false })
    .png({ compressionLevel: 1 })
    .toFile(reference);
  await sharp(file.path).png({ compressionLevel: 1 }).toFile(derived);
  const { stdout } = await promisify(execFile)(command, [...words, reference, derived]);
  return Number.parseFloat(stdout);
}

function report(scores: readonly Score[]): boolean {
  console.log('| size | photographs | ssimulacra2 mean | worst | bit/px | kB |');
  console.log('|---|---|---|---|---|---|');
  for (const size of new Set(scores.map((score) => score.size))) {
    const group = scores.filter((score) => score.size === size);
    const mean = (pick: (score: Score) => number): number =>
      group.reduce((sum, score) => sum + pick(score), 0) / group.length;
    const worst = group.reduce((least, score) => (score.score < least.score ? score : least));
    console.log(
      `| ${size} | ${group.length} | ${mean(({ score }) => score).toFixed(1)} ` +
        `| ${worst.score.toFixed(1)} (${worst.photograph}) ` +
        `| ${mean(({ bitsPerPixel }) => bitsPerPixel).toFixed(2)} ` +
        `| ${mean(({ kilobytes }) => kilobytes).toFixed(0)} |`,
    );
  }
  const failures = scores.filter(({ score }) => !(score >= LEAST_SCORE));
  for (const { size, photograph, score } of failures) {
    console.log(`below ${LEAST_SCORE}: ${size} of ${photograph}, ${score.toFixed(1)}`);
  }
  return failures.length === 0;
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
