// Stores one file as a process of its own, which a test can kill: node s3-writer.js <location> <key> <file>.
import { openS3Storage } from '../../src/platform/storage/s3.js';

const [location = '', key = '', file = ''] = process.argv.slice(2);
const parsed = JSON.parse(location);
await openS3Storage({ ...parsed, endpoint: new URL(parsed.endpoint) }).putFile(
  key,
  file,
  'video/mp4',
);
