/** Whether strangers can read the bucket past this server. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { createS3Client, PATIENCE, type S3Location } from './s3-client.js';

/**
 * Whether an object that exists is given to somebody without any key, who knows its name.
 *
 * False also when the service answers nothing but errors: only what was really read is public.
 */
export async function isPublicInS3(location: S3Location, key: string): Promise<boolean> {
  const client = createS3Client(location, PATIENCE, 'UNSIGNED');
  try {
    const command = new GetObjectCommand({ Bucket: location.bucket, Key: key });
    const abortSignal = AbortSignal.timeout(PATIENCE.checkMs);
    const { Body } = await client.send(command, { abortSignal });
    await Body?.transformToByteArray();
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}
