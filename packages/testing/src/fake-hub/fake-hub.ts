import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { FakeHubRepo } from "./fake-hub-repos.ts";
import type { FakeHubRequest, Misbehave, Misbehaviour } from "./misbehaviour.ts";
import { answerGenerally } from "./misbehave-generally.ts";
import { parseRoute, type Route } from "./routes.ts";
import { serveRoute } from "./serve-route.ts";

export interface FakeHubOptions {
  readonly repos: readonly FakeHubRepo[];
  readonly misbehave?: Misbehave;
  /** Who sends it may fetch gated repositories. */
  readonly token?: string;
  /** Tokens of accounts that were not let in. When given, every other token is refused as wrong, for any question. */
  readonly accounts?: readonly string[];
}

export interface FakeHub extends AsyncDisposable {
  /** The base URL of the hub, without a slash at the end. Hugging Face's and ModelScope's API answer there. */
  readonly origin: string;
  /** Large files come from here, as at the real hub: another port, hence another origin. */
  readonly cdnOrigin: string;
  /** Every request so far, of both origins. */
  readonly requests: readonly FakeHubRequest[];
  /** Bytes of file bodies and answers written so far. */
  readonly sentBytes: number;
  /** Can be changed at any time. */
  misbehave: Misbehave;
  repos: readonly FakeHubRepo[];
}

/** A hub on the loopback interface that speaks the real one's API and does wrong what it is told to. */
export async function startFakeHub(options: FakeHubOptions): Promise<FakeHub> {
  const requests: FakeHubRequest[] = [];
  const open = createOpenSockets();
  const state = { repos: options.repos, misbehave: options.misbehave ?? ((): null => null) };
  const origins = { origin: "", cdnOrigin: "" };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", origins.origin);
    const route = parseRoute(url);
    const request = toRequest(incoming, requests.length, route);
    requests.push(request);
    const wrong: Misbehaviour | null = state.misbehave(request);
    if (wrong && answerGenerally(wrong, request, response)) return;
    const context = {
      repos: state.repos,
      token: options.token,
      accounts: options.accounts,
      cdnOrigin: origins.cdnOrigin,
    };
    await serveRoute(context, { route, request, url }, response, wrong);
  }

  const servers = [await listen(answer, open), await listen(answer, open)] as const;
  origins.origin = originOf(servers[0]);
  origins.cdnOrigin = originOf(servers[1]);
  return {
    ...origins,
    requests,
    get sentBytes() {
      return open.writtenBytes();
    },
    get misbehave() {
      return state.misbehave;
    },
    set misbehave(next) {
      state.misbehave = next;
    },
    get repos() {
      return state.repos;
    },
    set repos(next) {
      state.repos = next;
    },
    async [Symbol.asyncDispose]() {
      open.destroyAll();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

interface OpenSockets {
  add(socket: Socket): void;
  destroyAll(): void;
  /** By open and by closed ones. */
  writtenBytes(): number;
}

function createOpenSockets(): OpenSockets {
  const open = new Set<Socket>();
  let closedBytes = 0;
  return {
    add(socket) {
      open.add(socket);
      // A connection that the other side resets, or that we do.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        closedBytes += socket.bytesWritten;
        open.delete(socket);
      });
    },
    destroyAll() {
      for (const socket of open) socket.destroy();
    },
    writtenBytes: () => [...open].reduce((sum, socket) => sum + socket.bytesWritten, closedBytes),
  };
}

type Answer = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

function listen(answer: Answer, open: OpenSockets): Promise<Server> {
  const server = createServer({ keepAlive: true }, (incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.on("connection", (socket) => open.add(socket));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function toRequest(incoming: IncomingMessage, index: number, route: Route): FakeHubRequest {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  const match = /^bytes=(\d+)-(\d*)$/.exec(headers["range"] ?? "");
  const range = match ? { start: Number(match[1]), end: match[2] ? Number(match[2]) + 1 : null } : null;
  return { index, method: incoming.method ?? "GET", path: incoming.url ?? "/", kind: route.kind, headers, range };
}
