// Encrypted chat in a page; in a clone of the server npm run browser-example bundles and serves it. Elsewhere, where the package
// is installed: esbuild main.js --bundle --format=esm --outfile=dist/main.js, and index.html beside that.
import { Chat, Store, TriptychClient, fileOf, openIdbStorage, plainOf } from '@triptych/sdk';

const element = (id) => document.querySelector(`#${id}`);
const say = element('say');
const HOUR = 60 * 60 * 1000;

element('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  enter(Object.fromEntries(new FormData(event.target))).catch((fault) => tell(fault.message));
});

async function enter({ server, username, password, other }) {
  tell('Signing in');
  const client = new TriptychClient({ origin: new URL(server).origin, reach });
  await client.signIn(username, password, 'Browser');
  const name = `${new URL(server).host}-${username}`;
  const store = await Store.open(await openIdbStorage(name), storeKey(name));
  const chat = await Chat.open(client, store, { name: 'Browser', platform: 'Browser' });
  let conversationId = chat.conversations()[0]?.id ?? null;
  const show = () => {
    conversationId ??= chat.conversations()[0]?.id ?? null;
    const messages = conversationId ? chat.messages(conversationId) : [];
    element('messages').replaceChildren(...messages.map((message) => lineOf(message, chat)));
  };
  chat.onNews(show);
  chat.run(new AbortController().signal).catch((fault) => tell(fault.message));
  setInterval(() => chat.maintain().catch((fault) => tell(fault.message)), HOUR);
  if (other) conversationId = await chat.openDirect(other);
  show();
  say.hidden = false;
  say.addEventListener('submit', (event) => {
    event.preventDefault();
    const { text, file } = Object.fromEntries(new FormData(say));
    say.reset();
    if (conversationId)
      send(chat, conversationId, text, file).catch((fault) => tell(fault.message));
  });
  tell(`Signed in as ${username}`);
}

/** Addresses as they are reached from here: ?reach=https://a.example=http://localhost:8181, several with commas. */
function reach(url) {
  for (const pair of (new URLSearchParams(location.search).get('reach') ?? '').split(',')) {
    const [name, place] = pair.split('=');
    if (place && url.startsWith(`${name}/`)) return place + url.slice(name.length);
  }
  return url;
}

function send(chat, conversationId, text, file) {
  if (!file.name) return chat.sendText(conversationId, text);
  const about = { name: file.name, mediaType: file.type || 'application/octet-stream', text };
  return chat.sendFile(conversationId, fileOf(file), about);
}

function lineOf({ content, sender }, chat) {
  const line = document.createElement('li');
  const text = content?.kind === 'text' ? plainOf(content.html) : `(${content?.kind ?? 'deleted'})`;
  line.textContent = `${sender === chat.self.actorUri ? 'You' : 'They'}: ${text}`;
  for (const file of content?.attachments ?? []) line.append(' ', buttonOf(file, sender, chat));
  return line;
}

/** Fetches and decrypts a file when it is asked for, and has the browser save it. */
function buttonOf(file, sender, chat) {
  const button = document.createElement('button');
  button.textContent = file.name;
  button.addEventListener('click', () => {
    save(file, sender, chat).catch((fault) => tell(fault.message));
  });
  return button;
}

async function save(file, sender, chat) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([await chat.files.read(file, sender)]));
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The key of the store. Whoever can run code in this page can read it; an application of its own asks the system instead. */
function storeKey(name) {
  const known = localStorage.getItem(`key-${name}`);
  if (known) return Uint8Array.from(JSON.parse(known));
  const key = crypto.getRandomValues(new Uint8Array(32));
  localStorage.setItem(`key-${name}`, JSON.stringify([...key]));
  return key;
}

function tell(text) {
  element('state').textContent = text;
}
