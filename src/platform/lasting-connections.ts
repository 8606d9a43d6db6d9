/**
 * Connections to other servers that stay open for a while after a request, for the next one. All of a process together
 * are at most so many, whatever number of servers it talks to: the one that was idle for longest is closed first.
 */
import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

const IDLE_MS = 60_000;
const MOST_IDLE = 256;
const MOST_IDLE_OF_ONE = 2;
/** One server that never ends its answers holds no more than these. */
const MOST_OF_ONE = 4;

/** The agents that keep connections, by protocol. */
export class LastingConnections {
  private readonly idle = new Set<Duplex>();
  private readonly watched = new WeakSet<Duplex>();
  private readonly http: HttpAgent;
  private readonly https: HttpsAgent;

  constructor(private readonly most = MOST_IDLE) {
    const options = {
      keepAlive: true,
      timeout: IDLE_MS,
      maxFreeSockets: MOST_IDLE_OF_ONE,
      maxSockets: MOST_OF_ONE,
    };
    this.http = this.bounded(new HttpAgent(options));
    this.https = this.bounded(new HttpsAgent(options));
  }

  /** What `request` takes. */
  agentFor(protocol: string): HttpAgent {
    return protocol === 'http:' ? this.http : this.https;
  }

  private bounded<Kind extends HttpAgent>(agent: Kind): Kind {
    const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
    const reuse = agent.reuseSocket.bind(agent);
    agent.keepSocketAlive = (socket: Duplex) => {
      const isKept = keep(socket);
      if (isKept) this.add(socket);
      return isKept;
    };
    agent.reuseSocket = (socket: Duplex, request: ClientRequest) => {
      this.idle.delete(socket);
      reuse(socket, request);
    };
    return agent;
  }

  private add(socket: Duplex): void {
    this.idle.add(socket);
    if (!this.watched.has(socket)) socket.once('close', () => this.idle.delete(socket));
    this.watched.add(socket);
    if (this.idle.size <= this.most) return;
    const [oldest] = this.idle;
    this.idle.delete(oldest!);
    oldest!.destroy();
  }
}
