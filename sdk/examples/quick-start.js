// Two people talk, each with a device of their own: PASSWORD=… node quick-start.js https://a.example ada https://b.example ben
import { Chat, MemoryStorage, plainOf, Store, TriptychClient } from '@triptych/sdk';

const [ownServer, ada, otherServer, ben] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);

async function enter(origin, username) {
  const client = new TriptychClient({ origin });
  await client.signIn(username, process.env.PASSWORD, 'Quick start');
  // An application keeps the key where the system keeps secrets, and the store in a file or in IndexedDB.
  const key = crypto.getRandomValues(new Uint8Array(32));
  const store = await Store.open(new MemoryStorage(), key);
  return Chat.open(client, store, { name: 'Quick start', platform: 'Node' });
}

const [one, other] = [await enter(ownServer, ada), await enter(otherServer, ben)];
const { host } = new URL(other.self.actorUri);
const handle = ownServer === otherServer ? ben : `${ben}@${host}`;

// The other one takes what comes, live, until it is stopped.
const stop = new AbortController();
const heard = new Promise((resolve) => {
  other.onNews((news) => {
    if (news.kind === 'message') resolve(news.message);
  });
});
const running = other.run(stop.signal);

const id = await one.openDirect(handle);
await one.sendText(id, 'Hello from the quick start');
const message = await heard;
say(`${message.sender} wrote: ${plainOf(message.content.html)}`);

// Both see the same sixty digits; compared by telephone, they prove that nobody is between them.
say(one.people.safetyNumber(other.self.actorUri));
say(other.people.safetyNumber(one.self.actorUri));
stop.abort();
await running;
process.exit();
