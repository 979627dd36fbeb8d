export { LibraryList, LibraryScreen } from "./library-screen.tsx";
