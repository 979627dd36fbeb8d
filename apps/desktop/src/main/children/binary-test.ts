import { existsSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type UtilityProcess, utilityProcess } from "electron";
import { binaryTestMessageSchema, type FromChild, type ToChild } from "../../messages/backend-messages.ts";
import { childEnvironment } from "./child-environment.ts";

/**
 * node-llama-cpp loads a native binary in a process of its own before it trusts it. Inside a utility process it can
 * only ask `child_process.fork` for that, which does not exist without the RunAsNode fuse. So main, which may start
 * utility processes, runs the library's own test file, unchanged, and passes its few messages on (ADR 0005).
 */
export interface BinaryTestOptions {
  /** The library's test file. Main knows it; a child never names a file to run. */
  readonly testFile: string;
  /** Real paths of the folders a tested binary may lie in: the product's own packages. */
  readonly binaryRoots: readonly string[];
}

export interface BinaryTests extends Disposable {
  /** `child` is where the request came from and where answers go. */
  handle(message: FromChild, reply: (message: ToChild) => void): void;
}

/** More at a time than one load plan can need means that the asking process is not what main started. */
const atMost = 2;
/** Of one child's whole life: one per graphics interface and try. */
const inAll = 16;

/** Serves the test requests of one child. */
export function createBinaryTests(options: BinaryTestOptions): BinaryTests {
  const running = new Map<string, UtilityProcess>();
  let started = 0;

  const fork = (id: string, reply: (message: ToChild) => void) => {
    if (running.has(id)) return;
    if (running.size >= atMost || ++started > inAll) return reply({ type: "test-exit", id, exitCode: 1 });
    const env = childEnvironment(process.env, {});
    const child = utilityProcess.fork(options.testFile, [], {
      env: { ...env, TEST_BINDING_CP: "true" },
      serviceName: "Deskside binary test",
      stdio: "ignore",
    });
    running.set(id, child);
    child.on("message", (message: unknown) => reply({ type: "test-message", id, message }));
    child.on("exit", (exitCode) => {
      if (running.get(id) !== child) return;
      running.delete(id);
      reply({ type: "test-exit", id, exitCode });
    });
  };

  const send = (id: string, message: unknown) => {
    const child = running.get(id);
    if (!child) return;
    const parsed = binaryTestMessageSchema.safeParse(message);
    if (!parsed.success || !pathsAllowed(parsed.data, options.binaryRoots)) return void child.kill();
    child.postMessage(parsed.data);
  };

  return {
    handle(message, reply) {
      if (message.type === "test-fork") fork(message.id, reply);
      else if (message.type === "test-send") send(message.id, message.message);
      else running.get(message.id)?.kill();
    },
    [Symbol.dispose]() {
      for (const child of running.values()) child.kill();
      running.clear();
    },
  };
}

function pathsAllowed(message: object, roots: readonly string[]): boolean {
  const named = message as { bindingBinaryPath?: string; extBackendsPath?: string };
  if (named.bindingBinaryPath !== undefined && !named.bindingBinaryPath.endsWith(".node")) return false;
  return [named.bindingBinaryPath, named.extBackendsPath]
    .filter((path) => path !== undefined)
    .every((path) => roots.some((root) => isInside(path, root)));
}

function isInside(path: string, root: string): boolean {
  try {
    return realpathSync(path).startsWith(root + sep);
  } catch {
    // A path that does not exist lies nowhere.
    return false;
  }
}

/**
 * Where the library's test file and the binaries lie, from where the library itself was found. In a package the
 * binaries are outside the archive, under the same path in `app.asar.unpacked`. Fetched ones are in `enginesFolder`,
 * which is made here: a fetch may come later.
 */
export function locateBinaryTest(libraryEntry: string, enginesFolder: string): BinaryTestOptions {
  const dist = dirname(fileURLToPath(libraryEntry));
  const scope = join(dirname(dirname(dist)), "@node-llama-cpp");
  mkdirSync(enginesFolder, { recursive: true });
  const folders = [scope, scope.replace(`.asar${sep}`, `.asar.unpacked${sep}`)].filter((folder) => existsSync(folder));
  return {
    testFile: join(dist, "bindings", "utils", "testBindingBinary.js"),
    binaryRoots: [...folders.flatMap(foldersIn), realpathSync(enginesFolder)],
  };
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder).map((name) => realpathSync(join(folder, name)));
}
