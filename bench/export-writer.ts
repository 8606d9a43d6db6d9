// Writes one archive in a process of its own, and sends the most memory that it ever had, in bytes, with the size of the
// archive: words are the database, the data directory and the id of the export.
import { randomBytes } from 'node:crypto';
import { compose } from '../src/app/compose.js';
import { createJobs } from '../src/app/jobs.js';
import { openVideos } from '../src/app/open-videos.js';
import { openImages } from '../src/app/open-images.js';
import { openListening } from '../src/app/open-listening.js';
import { systemClock } from '../src/platform/clock.js';
import { loadConfig } from '../src/platform/config.js';
import { createLogger } from '../src/platform/logger.js';
import { openSealer } from '../src/platform/sealing.js';

const [databaseUrl = '', dataDirectory = '', exportId = ''] = process.argv.slice(2);
const config = loadConfig({ DATA_DIR: dataDirectory, LOG_LEVEL: 'warn' });
const foundation = {
  config,
  clock: systemClock,
  log: createLogger(config.log),
  sealer: await openSealer(randomBytes(32)),
  databaseUrl,
};
{
  await using services = await compose(foundation, 'worker');
  await using images = await openImages(config, services.log);
  await using videos = openVideos(services);
  const job = createJobs({ images, videos, listening: openListening(config) }).find(
    ({ name }) => name === 'writeExport',
  )!;
  await job.run({ ...services, jobId: '0', attempt: 1 }, { exportId });
}
process.send?.(process.resourceUsage().maxRSS * 1024, () => process.disconnect());
