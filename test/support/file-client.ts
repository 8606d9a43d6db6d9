// A process that sends a file of this many bytes, fetches it again, and says how much memory it had at most.
// Arguments: origin of the server, its public origin, a token, bytes.
import { TriptychClient } from '../../sdk/src/client/client.js';
import { Files } from '../../sdk/src/chat/files.js';

const [origin = '', publicOrigin = '', token = '', bytes = '0'] = process.argv.slice(2);
const sizeBytes = Number(bytes);
const reach = (url: string): string => url.replace(publicOrigin, origin);
const files = new Files(new TriptychClient({ origin, token, reach }));

async function* zeros(): AsyncGenerator<Uint8Array, void> {
  for (let left = sizeBytes; left > 0; left -= 100_000)
    yield new Uint8Array(Math.min(left, 100_000));
}

const sent = await files.send({ sizeBytes, read: zeros }, { name: 'film', mediaType: 'video/mp4' });
let fetched = 0;
for await (const piece of files.open(sent, publicOrigin)) fetched += piece.length;
if (fetched !== sizeBytes) throw new Error(`${fetched} bytes came back`);
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
