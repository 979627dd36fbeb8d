/** Errors of collections and answers from documents. */
export const knowledgeErrors = {
  COLLECTION_NOT_FOUND: {
    title: "This collection does not exist",
    body: "“{{collection}}” was deleted, or its name is written differently. No document was changed.",
  },
  COLLECTION_NAME_TAKEN: {
    title: "There is a collection of this name",
    body: "“{{name}}” exists already. Choose another name.",
  },
  DOCUMENT_NOT_FOUND: {
    title: "This document is not in a collection any more",
    body: "It was removed. Answers that cite it keep the passages they cite.",
  },
  DOCUMENT_MOVED: {
    title: "The original has moved",
    body: "“{{document}}” is not at {{path}} any more. What was read from it stays and is still searched. Locate the file to see its pages.",
  },
  DOCUMENT_ELSEWHERE: {
    title: "The original is on another computer",
    body: "“{{document}}” was added to this collection on another computer, which alone can read it again. What was read from it is here and is searched. If you have the file too, locate it.",
  },
  DOCUMENT_PATH_UNREADABLE: {
    title: "This cannot be read",
    body: "{{path}} could not be opened: {{detail}}. Nothing was added from it. Check that it exists and that you may read it.",
  },
  UPLOAD_NOT_FOUND: {
    title: "The transfer of the file was interrupted",
    body: "Deskside was restarted in between. Add the file again; nothing else was lost.",
  },
  UPLOAD_INCOMPLETE: {
    title: "The file did not arrive whole",
    body: "Of “{{name}}” {{received}} of {{expected}} arrived. Nothing was kept of it. Add it again.",
  },
  EMBEDDING_UNAVAILABLE: {
    title: "Search by meaning is not available",
    body: "The embedding model {{model}} cannot be used: {{detail}}. Words are still found; other wordings and other languages are not.",
  },
  NOTHING_TO_SEARCH: {
    title: "Nothing has been read yet",
    body: "The chosen documents hold no text that can be searched: {{waiting}} waiting, {{failed}} failed. Your question is kept. Wait until a file is ready, or choose other documents.",
  },
  KNOWLEDGE_SERVER_NOT_SET: {
    title: "No team's database is set",
    body: "Nothing was changed. Enter its address in the settings, under Library, or with deskside docs server set.",
  },
  KNOWLEDGE_SERVER_UNAVAILABLE: {
    title: "The team's database does not answer",
    body: "{{host}} could not be reached: {{detail}}. Collections on this computer are not affected: choose them alone to go on. Try again, or check the address in the settings.",
  },
  KNOWLEDGE_SERVER_UNFIT: {
    title: "The team's database cannot be used",
    body: "{{host}}: {{reason}}. Nothing was changed there. Ask the person who runs it.",
  },
} as const;

export const knowledgeServerReasons = {
  "no-pgvector": "the extension pgvector, version 0.8 or later, is not installed",
  "newer-schema": "it was set up by a newer version of Deskside",
  "plain-text":
    "its address asks for a connection that others could read; leave out sslmode, or write sslmode=verify-full",
  "no-certificates": "the file of certificates that sslrootcert names cannot be read on this computer",
  "no-tls": "it does not offer an encrypted connection with a valid certificate",
  "no-rights": "the account may not create tables",
} as const;
