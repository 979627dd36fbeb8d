export type { Connect, Connection, DesksideClient } from "./app/client.ts";
export { type MountOptions, mountDeskside } from "./app/mount.tsx";
