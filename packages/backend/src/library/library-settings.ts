import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { localUser } from "@deskside/storage";
import type { AllowedHours, DownloadLimits, StoreFolder } from "@deskside/model-library";
import type { HostRule } from "../egress/egress-policy.ts";
import type { SettingsService } from "../settings/settings-service.ts";
import type { HubSettings } from "./hubs/choose-hubs.ts";
import { hostRule } from "./hubs/host-rule.ts";

/** The settings of this area, read anew for every question. */
export interface LibrarySettings {
  hubs(): HubSettings;
  redirectsTo(): readonly HostRule[];
  /** The one in the data directory first. */
  folders(): readonly StoreFolder[];
  limits(): DownloadLimits;
}

export function createLibrarySettings(options: {
  settings: SettingsService;
  dataDir: string;
  env?: Readonly<Record<string, string | undefined>>;
}): LibrarySettings {
  const { settings, dataDir, env = process.env } = options;
  return {
    hubs: () => ({
      hubUrl: settings.get(localUser, "library.hubUrl"),
      mirrors: settings.get(localUser, "library.mirrors"),
      env,
    }),
    redirectsTo: () => settings.get(localUser, "library.privateFileHosts").flatMap(hostRule),
    folders: () => [
      { id: "main", path: join(dataDir, "models") },
      ...settings.get(localUser, "library.folders").map((path) => ({ id: folderId(path), path: resolve(path) })),
    ],
    limits: () => ({
      bytesPerSecond: settings.get(localUser, "library.bytesPerSecond"),
      maxRunning: settings.get(localUser, "library.parallelDownloads"),
      schedule: scheduleOf(settings.get(localUser, "library.downloadHours")),
    }),
  };
}

function scheduleOf(hours: AllowedHours | null): DownloadLimits["schedule"] {
  return hours && [hours];
}

/** The same for the same path, whatever the order of the folders. */
function folderId(path: string): string {
  return `folder-${createHash("sha256").update(resolve(path)).digest("hex").slice(0, 12)}`;
}
