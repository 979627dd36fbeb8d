import { assertLoopback, startWebHost } from "@deskside/backend/web-host";
import { openOwnBackend } from "../open-session.ts";
import { pageDir } from "../places.ts";

export interface ServeOptions {
  dataDir: string;
  host: string;
  port: number;
  json: boolean;
}

/** Runs until SIGINT or SIGTERM. The first line of stdout is the address with its token. */
export async function serve(options: ServeOptions): Promise<void> {
  assertLoopback(options.host);
  await using own = await openOwnBackend(options.dataDir, { preload: true });
  await using web = await startWebHost({
    host: options.host,
    port: options.port,
    pageDir: pageDir(),
    onPort: (port) => own.backend.serve(port),
  });
  own.lease.publish({ address: web.address, token: web.token });
  own.log.info({ address: web.address }, "serving");
  process.stdout.write(
    options.json ? `${JSON.stringify({ address: web.address, link: web.link })}\n` : `${web.link}\n`,
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  // Whatever hangs at the end may not keep the process; what was acknowledged is on disk already.
  setTimeout(() => process.exit(0), 5_000).unref();
}
