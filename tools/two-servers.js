// npm run two-servers: two servers on this machine that are a.example and b.example to each other, for trying out what
// happens between servers. Their data stay in data/two-servers; stop both with Ctrl+C.
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const base = Number(process.env['PORT'] ?? 8181);
const servers = ['a', 'b'].map((name, index) => ({
  name,
  port: base + index,
  other: base + 1 - index,
}));

const children = servers.map(({ name, port, other }) =>
  spawn(
    process.execPath,
    ['--enable-source-maps', path.join(root, 'dist/bench/federated-server.js'), String(other)],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        PUBLIC_URL: `https://${name}.example`,
        PORT: String(port),
        METRICS_PORT: '0',
        DATA_DIR: path.join(root, 'data/two-servers', name),
      },
    },
  ),
);

for (const { name, port } of servers)
  console.log(`https://${name}.example is at http://localhost:${port}, to explore at /graphiql`);

const stop = () => children.forEach((child) => child.kill('SIGTERM'));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children)
  child.on('exit', (code) => {
    process.exitCode ||= code ?? 1;
    stop();
  });
