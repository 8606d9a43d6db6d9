// A line to a server that can be held and cut: what sockets are told waits, or never arrives.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to a server. */
export interface Line extends AsyncDisposable {
  readonly origin: string;
  /** False: nobody gets through, and who was connected is cut off. */
  isUp: boolean;
  /** From now on sockets hear nothing; what they say arrives. */
  hold(): void;
  /** Sockets hear what they were not told, and what comes. */
  release(): void;
  /** Cuts sockets off, with what they were not told. */
  cut(): void;
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  /** Requests pass unhindered. */
  isSocket: boolean;
}

/** Opens a line to the server at `origin`. */
export async function openLine(origin: string): Promise<Line> {
  const { hostname, port } = new URL(origin);
  const connections = new Set<Connection>();
  let isHeld = false;
  let isUp = true;
  const sockets = (): Connection[] => [...connections].filter(({ isSocket }) => isSocket);
  const cut = (ends: Iterable<Connection>): void => {
    for (const { client, server } of ends) {
      client.destroy();
      server.destroy();
    }
  };
  const listener = createServer((client) => {
    if (!isUp) return void client.destroy();
    const server = connect(Number(port), hostname);
    const connection: Connection = { client, server, isSocket: false };
    connections.add(connection);
    for (const end of [client, server]) {
      end.on('error', () => undefined);
      end.on('close', () => {
        connections.delete(connection);
        cut([connection]);
      });
    }
    // A connection over which requests went can become a socket.
    client.on('data', (bytes: Buffer) => {
      connection.isSocket ||= /^upgrade: websocket/im.test(bytes.toString('latin1'));
      if (connection.isSocket && isHeld) server.pause();
    });
    client.pipe(server);
    server.on('data', (bytes: Buffer) => client.write(bytes));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get isUp() {
      return isUp;
    },
    set isUp(value) {
      isUp = value;
      if (!isUp) cut(connections);
    },
    hold: () => {
      isHeld = true;
      for (const { server } of sockets()) server.pause();
    },
    release: () => {
      isHeld = false;
      for (const { server } of sockets()) server.resume();
    },
    cut: () => cut(sockets()),
    [Symbol.asyncDispose]: async () => {
      cut(connections);
      listener.close();
      await once(listener, 'close');
    },
  };
}
