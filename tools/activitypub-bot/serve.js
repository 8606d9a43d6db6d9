// Runs activitypub.bot with one bot that does what its standard input says: a line of JSON { id, does, with } for each
// thing to do (commands.js), answered on standard output, after `> `, by { id, answer } or { id, error }. What else stands
// there is its log. It ends with its input.
//
//   node serve.js ROOT SETTINGS   ROOT is where it is installed, SETTINGS is JSON { origin, port, databaseUrl, username,
//                                 picture, hosts }: picture is the URL of a file, hosts the ports of others on this machine
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { botWithCommands } from './commands.js';
import { completeActivityStreams } from './complete-activity-streams.js';
import { leadHostsHere } from './lead-hosts-here.js';

const [root, settings] = process.argv.slice(2);
const { origin, port, databaseUrl, username, picture, hosts } = JSON.parse(settings);
const installed = createRequire(path.join(root, 'package.json'));

leadHostsHere(hosts);
completeActivityStreams(installed);
const { makeApp, Bot } = await import(pathToFileURL(installed.resolve('@evanp/activitypub-bot')));
const bot = botWithCommands(Bot, username, new URL(picture));
const app = await makeApp({
  databaseUrl,
  origin,
  bots: { [username]: bot },
  logLevel: process.env.PEER_LOG_LEVEL ?? 'silent',
  allowPrivateNetworkRequests: true,
});
const say = (line) => process.stdout.write(`> ${JSON.stringify(line)}\n`);
app.listen(port, '127.0.0.1', () => say({ isReady: true }));

for await (const line of createInterface({ input: process.stdin })) {
  const { id, does, with: values } = JSON.parse(line);
  bot.commands[does](...values).then(
    (answer) => say({ id, answer: answer ?? null }),
    (error) => say({ id, error: String(error?.stack ?? error) }),
  );
}
process.exit();
