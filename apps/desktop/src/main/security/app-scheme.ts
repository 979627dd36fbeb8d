import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { protocol, type Session } from "electron";

export const appOrigin = "app://deskside";
export const appPage = `${appOrigin}/index.html`;

/**
 * Nothing comes from elsewhere and nothing goes elsewhere. Inline styles are needed by the code highlighter and the
 * diagrams; scripts never are.
 */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join("; ");

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  // What PDF pages are drawn with.
  ".bcmap": "application/octet-stream",
  ".pfb": "application/octet-stream",
};

const headers = {
  "Content-Security-Policy": contentPolicy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-cache",
};

/** Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the interface's built folder, and only it, to the windows of `session`. */
export function serveAppScheme(session: Session, rendererDir: string): void {
  session.protocol.handle("app", (request) => answer(request.method, request.url, rendererDir));
}

/** The file behind an address of the scheme, or null when there is none to be had. */
function fileOfUrl(address: string, rendererDir: string): string | null {
  const url = URL.parse(address);
  if (!url || url.protocol !== "app:" || url.host !== "deskside" || url.username !== "" || url.password !== "") {
    return null;
  }
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  // The build writes plain names. Anything that a file system may read in a second way is not one of them.
  if (!/^(\/[A-Za-z0-9_@~][A-Za-z0-9_@~.-]*)*\/?$/.test(path)) return null;
  const file = join(rendererDir, path === "/" ? "index.html" : path);
  return file.startsWith(rendererDir + sep) ? file : null;
}

async function answer(method: string, address: string, rendererDir: string): Promise<Response> {
  if (method !== "GET" && method !== "HEAD") return new Response(null, { status: 405, headers });
  const file = fileOfUrl(address, rendererDir);
  const type = file === null ? undefined : types[extname(file).toLowerCase()];
  if (file === null || type === undefined) return new Response(null, { status: 404, headers });
  try {
    // A link inside the folder would lead out of it.
    const real = await realpath(file);
    if (!real.startsWith((await realpath(rendererDir)) + sep)) return new Response(null, { status: 404, headers });
    const content = await readFile(real);
    return new Response(method === "HEAD" ? null : new Uint8Array(content), {
      headers: { ...headers, "Content-Type": type },
    });
  } catch {
    // Not there, or a folder: the same answer as for a name that cannot be.
    return new Response(null, { status: 404, headers });
  }
}
