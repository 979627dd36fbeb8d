export { CollectionPanel } from "./collection/collection-panel.tsx";
export { DocumentsList } from "./list/documents-list.tsx";
export { DocumentsScreen } from "./documents-screen.tsx";
export { CitedDocument } from "./viewer/cited-document.tsx";
