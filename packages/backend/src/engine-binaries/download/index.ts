// What `npm start` needs before anything of the app runs: no database, no egress, no engine.
export { assessBinary } from "../assess-binary.ts";
export { chooseRegistry } from "../choose-registry.ts";
export { findCudaRuntimes } from "../cuda-runtime.ts";
export { enginesFolderOf, layOutEnginesFolder } from "../folder/engines-folder.ts";
export { readPackageState } from "../folder/package-state.ts";
export { packageTable } from "../package-table.ts";
export { type FetchTarball, startOfRange } from "./fetch-tarball.ts";
export { installPackages } from "./install-package.ts";
