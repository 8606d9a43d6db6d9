/**
 * A device in a process of its own, to be killed at any moment: takes what comes, and writes numbers into its conversation.
 * Arguments: origin of the server, name, file of the store, number to begin with. Says `sent <number>` once the server has one.
 */
import { TriptychClient } from '../../sdk/src/client/client.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { openFileStorage } from '../../sdk/src/store/file-storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { fromFreshAddress, WORLD_PASSWORD } from '../support/world.js';
import { STORE_KEY } from './sdk-people.js';

const [origin, username, file, first] = process.argv.slice(2);
const client = new TriptychClient({ origin: origin!, headers: fromFreshAddress() });
await client.signIn(username!, WORLD_PASSWORD);
const store = await Store.open(await openFileStorage(file!), STORE_KEY);
const chat = await Chat.open(client, store, { name: 'Dying', platform: 'Node' });
await chat.synchronise();
process.stdout.write('open\n');
void chat.run(new AbortController().signal);
const [conversation] = chat.conversations();
for (let number = Number(first); ; number += 1) {
  if (!conversation) break;
  await chat.sendText(conversation.id, `number ${number}`);
  process.stdout.write(`sent ${number}\n`);
}
