export { DocumentsScreen } from "./documents-screen.tsx";
