/** Uploads in parts whose sender died: no reader sees them, but their parts take up room until they are aborted. */
import {
  AbortMultipartUploadCommand,
  NoSuchUpload,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Aborts every upload of the bucket that began before an instant. */
export async function abortUploads(client: S3Client, bucket: string, before: Date): Promise<void> {
  for await (const { Uploads = [] } of pagesOf(client, bucket)) {
    for (const { Key, UploadId, Initiated } of Uploads) {
      if (Initiated && Initiated < before)
        await abort(client, new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  }
}

async function abort(client: S3Client, command: AbortMultipartUploadCommand): Promise<void> {
  try {
    await client.send(command);
  } catch (error) {
    // ended by another process between the list and now
    if (!(error instanceof NoSuchUpload)) throw error;
  }
}

async function* pagesOf(
  client: S3Client,
  bucket: string,
): AsyncGenerator<ListMultipartUploadsCommandOutput> {
  const position: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const command = new ListMultipartUploadsCommand({ Bucket: bucket, ...position });
    const page: ListMultipartUploadsCommandOutput = await client.send(command);
    yield page;
    if (!page.IsTruncated) return;
    position.KeyMarker = page.NextKeyMarker;
    position.UploadIdMarker = page.NextUploadIdMarker;
  }
}
