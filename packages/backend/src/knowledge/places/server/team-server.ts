import { readFileSync } from "node:fs";
import type { Clock } from "@deskside/base";
import { deskError, type TeamServer as TeamServerView, type TeamServerFacts } from "@deskside/contract";
import {
  createIndexProxy,
  createPostgresIndex,
  type PassageIndex,
  readServerAddress,
  type ServerAddress,
  tryPostgresServer,
} from "@deskside/knowledge";
import { localUser } from "@deskside/storage";
import { type Egress, trustedCertificates } from "../../../egress/index.ts";
import type { Logger } from "../../../log/logger.ts";
import type { EventHub } from "../../../system/event-hub.ts";
import { isAway } from "./is-away.ts";
import { type ServerDoor, serverCaller, serverPurpose } from "./server-door.ts";
import type { ServerSettings } from "./server-settings.ts";

/** The team's database: connected when it is first needed, tried again and again while it is away. */
export interface TeamServer extends AsyncDisposable {
  readonly view: TeamServerView;
  /** Calls throw KNOWLEDGE_SERVER_NOT_SET, _UNAVAILABLE, _UNFIT and EGRESS_BLOCKED; at once while it is known to be away. */
  readonly index: PassageIndex;
  /** Of this address, or of the one that is set. Leaves nothing behind. */
  test(connectionString: string | null): Promise<TeamServerFacts>;
  /** Begins to connect; `onReady` tells when it is there. */
  start(): void;
  /** Throws INVALID_INPUT, SETTING_LOCKED, KNOWLEDGE_SERVER_UNFIT. */
  set(connectionString: string): void;
  /** Throws SETTING_LOCKED. */
  remove(): void;
}

export interface TeamServerDeps {
  readonly settings: ServerSettings;
  readonly door: ServerDoor;
  readonly egress: Pick<Egress, "openStream">;
  readonly events: EventHub;
  /** Which of the team's computers this is. */
  readonly computer: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** It answers, for the first time or again. */
  readonly onReady: () => void;
  /** Another one is set, or none, or it answers no more. */
  readonly onChange: () => void;
}

/** Until the next try: from the first to at most the last, doubled each time. */
const restMs = { first: 2_000, last: 60_000 };

export function createTeamServer(deps: TeamServerDeps): TeamServer {
  return new Team(deps);
}

interface Opened {
  readonly door: Disposable;
  readonly index: Promise<PassageIndex>;
}

class Team implements TeamServer {
  readonly index = createIndexProxy((method, args) => this.#call(method, args));
  readonly #deps: TeamServerDeps;
  readonly #following: Disposable;
  readonly #closings = new Set<Promise<void>>();
  #opened: Opened | null = null;
  /** What was connected last, password included, and how often it became another. */
  #connectionString: string | null;
  #epoch = 0;
  #isReady = false;
  #away: { readonly error: unknown; readonly until: number; readonly tries: number } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(deps: TeamServerDeps) {
    this.#deps = deps;
    this.#connectionString = this.#wanted();
    this.#following = deps.events.onPublish(({ type }) => {
      if (type === "settings") this.#followSettings();
    });
  }

  get view(): TeamServerView {
    const { address, hasPassword, isLocked } = this.#deps.settings;
    const state = address === null ? "none" : this.#away ? "away" : this.#isReady ? "ready" : "untried";
    return { address, hasPassword, locked: isLocked, state };
  }

  start(): void {
    if (this.#deps.settings.address !== null) void this.#tryAgain();
  }

  async test(connectionString: string | null): Promise<TeamServerFacts> {
    const { settings, log } = this.#deps;
    const wanted = connectionString ?? settings.address;
    if (wanted === null) throw deskError("KNOWLEDGE_SERVER_NOT_SET", {});
    const text = settings.withPassword(wanted);
    const address = readServerAddress(text);
    using _door = this.#deps.door.open(address.host, address.port);
    const facts = await tryPostgresServer({ connectionString: text, log, ...this.#way(address) });
    return { ...facts, encrypted: address.encrypted };
  }

  set(connectionString: string): void {
    this.#deps.settings.set(connectionString);
    // A new password alone changes no setting.
    this.#followSettings();
  }

  remove(): void {
    this.#deps.settings.remove();
    this.#followSettings();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#following[Symbol.dispose]();
    this.#leave();
    await Promise.all(this.#closings);
  }

  async #call(method: keyof PassageIndex, args: readonly unknown[]): Promise<unknown> {
    const { clock } = this.#deps;
    if (this.#away && clock.monotonic() < this.#away.until) throw this.#away.error;
    return this.#ask((index) =>
      // Each call was made through the typed interface in front of the proxy.
      (index[method] as (...all: readonly unknown[]) => Promise<unknown>)(...args),
    );
  }

  async #ask<T>(work: (index: PassageIndex) => Promise<T>): Promise<T> {
    const epoch = this.#epoch;
    const connectionString = this.#connectionString;
    if (connectionString === null || this.#isClosed) throw deskError("KNOWLEDGE_SERVER_NOT_SET", {});
    try {
      const result = await work(await this.#open(connectionString).index);
      if (this.#epoch === epoch) this.#answered();
      return result;
    } catch (error) {
      if (this.#epoch === epoch && isAway(error)) this.#failed(error);
      throw error;
    }
  }

  #open(connectionString: string): Opened {
    const { door, computer, clock, log } = this.#deps;
    if (this.#opened) return this.#opened;
    const address = readServerAddress(connectionString);
    const opened: Opened = {
      door: door.open(address.host, address.port),
      index: Promise.resolve().then(() =>
        createPostgresIndex({ connectionString, computer, clock, log, ...this.#way(address) }),
      ),
    };
    // What could not be opened is opened anew by the next who asks.
    opened.index.catch(() => {
      opened.door[Symbol.dispose]();
      if (this.#opened === opened) this.#opened = null;
    });
    this.#opened = opened;
    return opened;
  }

  /** Certificates that count, and sockets that ask before they connect. */
  #way({ host, encrypted, certificates }: ServerAddress) {
    const { egress } = this.#deps;
    const openSocket = () => egress.openStream({ purpose: serverPurpose, caller: serverCaller });
    if (!encrypted) return { tls: {}, openSocket };
    return {
      tls: { ca: certificates === null ? trustedCertificates() : readCertificates(certificates, host) },
      openSocket,
    };
  }

  #answered(): void {
    clearTimeout(this.#timer);
    const isNews = this.#away !== null || !this.#isReady;
    this.#away = null;
    this.#isReady = true;
    if (isNews) this.#deps.onReady();
  }

  #failed(error: unknown): void {
    const { clock, log, onChange } = this.#deps;
    const tries = (this.#away?.tries ?? 0) + 1;
    const rest = Math.min(restMs.last, restMs.first * 2 ** (tries - 1));
    if (!this.#away) log.warn({ err: error }, "the team's database does not answer");
    this.#away = { error, until: clock.monotonic() + rest, tries };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#tryAgain(), rest).unref();
    if (tries === 1) onChange();
  }

  async #tryAgain(): Promise<void> {
    try {
      await this.#ask((index) => index.listCollections(localUser));
    } catch (error) {
      if (!isAway(error) && !this.#isClosed) this.#deps.log.error({ err: error }, "the team's database failed");
    }
  }

  #followSettings(): void {
    const { settings, onChange } = this.#deps;
    settings.forgetOthers();
    const wanted = this.#wanted();
    if (wanted === this.#connectionString || this.#isClosed) return;
    this.#leave();
    this.#connectionString = wanted;
    onChange();
    this.start();
  }

  #wanted(): string | null {
    const { settings } = this.#deps;
    const { address } = settings;
    return address === null ? null : settings.withPassword(address);
  }

  #leave(): void {
    clearTimeout(this.#timer);
    const opened = this.#opened;
    this.#epoch += 1;
    this.#opened = null;
    this.#away = null;
    this.#isReady = false;
    if (!opened) return;
    const closing = this.#close(opened).finally(() => this.#closings.delete(closing));
    this.#closings.add(closing);
  }

  async #close({ index, door }: Opened): Promise<void> {
    try {
      await (await index).close();
    } catch (error) {
      if (!isAway(error)) this.#deps.log.warn({ err: error }, "the team's database was not left in order");
    } finally {
      door[Symbol.dispose]();
    }
  }
}

function readCertificates(path: string, host: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw deskError("KNOWLEDGE_SERVER_UNFIT", { host, reason: "no-certificates" }, { cause });
  }
}
