import { execFileSync, spawn } from "node:child_process";
import { chownSync, copyFileSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Programs of the newest PostgreSQL that Debian's or Ubuntu's packages have installed; null where there is none. */
export const serverPrograms: string | null =
  globSync("/usr/lib/postgresql/*/bin")
    .filter((path) => existsSync(join(path, "initdb")))
    .sort()
    .at(-1) ?? null;

export interface InstalledServer extends AsyncDisposable {
  readonly port: number;
  /** The certificate it shows, where it was started with one. */
  readonly certificate: string;
  start(encrypted: boolean): Promise<void>;
  stop(): void;
  /** Statements of its administrator. */
  run(sql: string): void;
}

/** The server refuses to run as root: then it runs as the account its package made. */
function accountOf(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = (line ?? "").split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

/** A server of its own in a temporary folder, account `deskside` with password `secret`; not started. */
export async function createInstalledServer(programs: string): Promise<InstalledServer> {
  const account = accountOf();
  const folder = mkdtempSync(join(tmpdir(), "deskside-pg-"));
  if (account) chownSync(folder, account.uid, account.gid);
  const as = { cwd: folder, stdio: "pipe" as const, env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" }, ...account };
  const data = join(folder, "data");
  const port = await freePort();
  const program = (name: string, ...args: string[]) => execFileSync(join(programs, name), args, as);
  program("initdb", "-D", data, "-U", "admin", "-E", "UTF8", "--auth-local=trust", "--auth-host=scram-sha-256", "-N");
  const [key, certificate] = [join(folder, "server.key"), join(folder, "server.crt")];
  const subject = ["-subj", "/CN=deskside-test", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "/usr/bin/openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
      ...["-keyout", key, "-out", certificate, ...subject],
    ],
    as,
  );
  for (const file of [key, certificate]) copyFileSync(file, join(data, file === key ? "server.key" : "server.crt"));
  if (account) for (const file of ["server.key", "server.crt"]) chownSync(join(data, file), account.uid, account.gid);
  const run = (sql: string) =>
    execFileSync(
      join(programs, "psql"),
      ["-h", folder, "-p", String(port), "-U", "admin", "-d", "postgres", "-qc", sql],
      as,
    );
  const stop = () => void program("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
  let isRunning = false;
  return {
    ...{ port, run: (sql) => void run(sql) },
    certificate: readFileSync(certificate, "utf8"),
    start: async (encrypted) => {
      const options = `-p ${port} -k ${folder} -h 127.0.0.1 -c ssl=${encrypted ? "on" : "off"} -c fsync=off`;
      const args = ["-D", data, "-l", join(folder, "log"), "-o", options, "-w", "start"];
      await new Promise<void>((resolve, reject) => {
        const started = spawn(join(programs, "pg_ctl"), args, { ...as, stdio: "ignore" });
        started.once("error", reject);
        started.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`pg_ctl ended with ${code}`))));
      });
      isRunning = true;
    },
    stop: () => {
      stop();
      isRunning = false;
    },
    [Symbol.asyncDispose]: async () => {
      if (isRunning) stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
