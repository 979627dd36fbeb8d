/**
 * Variables a child needs from the system to start at all and to find a graphics driver. Nothing else of the user's
 * environment reaches it: no tokens, no NODE_OPTIONS, no proxies.
 */
const fromSystem: ReadonlySet<string> = new Set([
  "HOME",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "PATH",
  "TEMP",
  "TMP",
  "TMPDIR",
  "TZ",
  "USERPROFILE",
  "XDG_RUNTIME_DIR",
  // Windows refuses to load system libraries without these.
  "COMSPEC",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "WINDIR",
  // Which graphics card and which driver.
  "CUDA_PATH",
  "CUDA_VISIBLE_DEVICES",
  "GGML_VK_VISIBLE_DEVICES",
  "LD_LIBRARY_PATH",
  "VK_DRIVER_FILES",
  "VK_ICD_FILENAMES",
]);

/** How the backend gets out and to which hub: proxies, authorities, the variables that other programs for models read. */
const forTheWayOut: ReadonlySet<string> = new Set([
  ...["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
  ...["HF_ENDPOINT", "HF_TOKEN", "SSL_CERT_DIR", "SSL_CERT_FILE"],
]);

/** What the backend is asked to get beside the system's variables; nothing that reads a foreign file gets these. */
export function variablesForTheWayOut(system: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found = Object.entries(system).flatMap(([name, value]) =>
    value !== undefined && forTheWayOut.has(name.toUpperCase()) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(found);
}

/** Would turn a child into something else than the program that main starts. */
const refused = /^(ELECTRON_|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|LD_PRELOAD$|LD_AUDIT$|DYLD_|TEST_BINDING_CP$)/i;

/** The whole environment of a child: the system's few variables and what was asked for. */
export function childEnvironment(
  system: Readonly<Record<string, string | undefined>>,
  asked: Readonly<Record<string, string>>,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(system)) {
    if (value !== undefined && fromSystem.has(name.toUpperCase())) result[name] = value;
  }
  for (const [name, value] of Object.entries(asked)) {
    if (!refused.test(name)) result[name] = value;
  }
  return result;
}
