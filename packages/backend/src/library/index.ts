export { createLibrary } from "./create-library.ts";
export { createHubDoor } from "./egress/hub-door.ts";
export { createLibraryRouter } from "./library-router.ts";
export type { LibraryService } from "./library-service.ts";
export { createLibrarySettings } from "./library-settings.ts";
export { signInstalledCatalogue } from "./catalogue/sign-installed.ts";
