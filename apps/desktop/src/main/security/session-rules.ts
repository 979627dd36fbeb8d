import type { Session, WebContents } from "electron";
import { appOrigin, appPage } from "./app-scheme.ts";

/** What the interface's session may do: show our own files and copy text. Everything else a page can ask for is denied. */
export function lockSession(session: Session): void {
  // Copying is the one permission the interface uses; it cannot read the clipboard.
  const allowed = (permission: string, origin: string) =>
    permission === "clipboard-sanitized-write" && originOf(origin) === appOrigin;
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(details.isMainFrame && allowed(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  session.on("will-download", (event) => event.preventDefault());
  // Defence in depth beside the content policy: the page has no business on any network.
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !ownAddress(details.url) }));
}

function ownAddress(url: string): boolean {
  return url.startsWith(`${appOrigin}/`) || /^(devtools|data|blob):/.test(url);
}

/** Custom schemes have the origin "null" in Node's parser. */
export function originOf(address: string): string | null {
  const url = URL.parse(address);
  return url ? `${url.protocol}//${url.host}` : null;
}

/** Keeps a window on our page: no navigation, no redirect, no new window, no webview. `onLink` gets what was clicked. */
export function lockNavigation(contents: WebContents, onLink: (url: string) => void): void {
  contents.on("will-navigate", (event) => {
    // A reload of the page itself.
    if (isAppPage(event.url)) return;
    event.preventDefault();
    onLink(event.url);
  });
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !isAppPage(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    onLink(url);
    return { action: "deny" };
  });
}

/** Our page, whatever its query and fragment. */
export function isAppPage(address: string): boolean {
  return originOf(address) === appOrigin && address.split(/[?#]/, 1)[0] === appPage;
}
