const standard = "https://registry.npmjs.org/";

/**
 * The npm registry that packages come from: what the user set, then DESKSIDE_NPM_REGISTRY, then what npm passes on to
 * the programs it starts, then the public one. What is no http(s) address is passed over.
 */
export function chooseRegistry(
  env: Readonly<Record<string, string | undefined>>,
  asked: string | null | undefined = null,
): string {
  for (const candidate of [asked, env["DESKSIDE_NPM_REGISTRY"], env["npm_config_registry"]]) {
    const url = candidate ? URL.parse(candidate) : null;
    // Credentials in the address would end up in the outbound record.
    if (url && (url.protocol === "https:" || url.protocol === "http:") && url.username === "") return url.href;
  }
  return standard;
}
