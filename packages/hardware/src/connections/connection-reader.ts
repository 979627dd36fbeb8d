import { endianness } from "node:os";
import { basename } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, systemClock } from "@deskside/base";
import type { ConnectionReading } from "@deskside/contract";
import { isDenied, type ProcFiles, procFiles, unlessGone } from "./proc-files.ts";
import { type ProcessStat, parseProcessStat, selectProcesses } from "./process-tree.ts";
import type { Endianness } from "./socket-address.ts";
import { type OwnedSocket, readOwnedSockets, SocketsHidden } from "./socket-owners.ts";

export interface ConnectionReaderOptions {
  /** Processes to count from: normally the main or server process. Asked at every reading. */
  readonly rootPids: () => readonly number[];
  /** Whether everything they started counts too, also when the process between has ended. */
  readonly includeDescendants: boolean;
  /** A process that is not ours although we started it (the user's browser); it is left out with its children. */
  readonly exclude?: (process: { readonly pid: number; readonly name: string }) => boolean;
  /** What to call one of our processes; by default the name of its program. */
  readonly nameOf?: (pid: number) => string | undefined;
  /** A reading that failed for a reason nobody foresaw, for the log. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  readonly platform?: NodeJS.Platform;
  readonly endianness?: Endianness;
  readonly files?: ProcFiles;
}

export interface ConnectionReader {
  /**
   * The open connections to other machines at this moment; `host` is null, names are known to who opened them.
   * Never rejects: what cannot be read is `known: false`. Two calls at once share one reading.
   */
  read(): Promise<ConnectionReading>;
}

/**
 * Reads from the operating system which of our processes talk to another machine: sockets in use by each process,
 * looked up in the tables of its own network. Both directions count, and so does a half-closed connection.
 * Not visible this way: a datagram sent without connecting, and raw sockets.
 */
export function createConnectionReader(options: ConnectionReaderOptions): ConnectionReader {
  const clock = options.clock ?? systemClock;
  const readOnce = createLinuxReader(options);
  let running: Promise<ConnectionReading> | undefined;
  const read = async (): Promise<ConnectionReading> => {
    const unknown = (reason: "unsupported-system" | "no-permission" | "failed") =>
      ({ known: false, at: clock.now(), reason }) as const;
    if ((options.platform ?? process.platform) !== "linux") return unknown("unsupported-system");
    try {
      const reading = await readOnce();
      return { known: true, at: clock.now(), ...reading };
    } catch (error) {
      if (error instanceof SocketsHidden || isDenied(error)) return unknown("no-permission");
      options.onError?.(error);
      return unknown("failed");
    }
  };
  return {
    read() {
      running ??= read().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

function createLinuxReader(options: ConnectionReaderOptions) {
  const files = options.files ?? procFiles;
  let known: ReadonlyMap<number, string> = new Map();
  return async () => {
    const processes = selectProcesses(await readProcesses(files), {
      roots: options.rootPids(),
      includeDescendants: options.includeDescendants,
      exclude: options.exclude ?? (() => false),
      known,
    });
    if (processes.length === 0) throw new Error("none of the processes to count is visible in /proc");
    known = new Map(processes.map(({ pid, startTime }) => [pid, startTime]));
    const sockets = readOwnedSockets(files, processes, options.endianness ?? endianness());
    return {
      processes: processes.length,
      connections: sockets.map((socket) => toConnection(socket, files, options)),
    };
  };
}

/** A turn of the event loop after so many processes: a busy machine has thousands. */
const processesPerTurn = 250;

async function readProcesses(files: ProcFiles): Promise<ProcessStat[]> {
  const processes: ProcessStat[] = [];
  let inThisTurn = 0;
  for (const name of files.list("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(files, name);
    if (stat) processes.push(stat);
    if (++inThisTurn % processesPerTurn === 0) await nextTurn();
  }
  return processes;
}

function readStat(files: ProcFiles, pid: string): ProcessStat | null {
  try {
    return parseProcessStat(unlessGone(() => files.readText(`/proc/${pid}/stat`), ""));
  } catch (error) {
    // A system may hide other users' processes altogether; ours are never among those.
    if (isDenied(error)) return null;
    throw error;
  }
}

function toConnection(socket: OwnedSocket, files: ProcFiles, { nameOf }: ConnectionReaderOptions) {
  const { pid, name } = socket.owner;
  return {
    pid,
    process: nameOf?.(pid) ?? (programName(files, pid) || name),
    protocol: socket.protocol,
    remoteAddress: socket.remote.address,
    remotePort: socket.remote.port,
    host: null,
  };
}

/** The kernel's name of a process is that of its first thread, which runtimes rename; the program's says more. */
function programName(files: ProcFiles, pid: number): string {
  const command = unlessGone(() => files.readText(`/proc/${pid}/cmdline`), "");
  return basename(command.split("\0")[0] ?? "");
}
