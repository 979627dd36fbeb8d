/** Words for the errors of hubs, downloads and the model store. */
export const libraryErrorWords = {
  HUB_REPO_NOT_FOUND: {
    title: "“{{repo}}” was not found",
    body: "{{hub}} has no repository with this name, or shows it only with a token. Nothing was fetched. Check the spelling (owner/name) or try another hub.",
  },
  HUB_GATED: {
    title: "{{repo}} has to be unlocked by its owner",
    body: "{{hub}} gives the files only to accounts that accepted the conditions. Nothing was downloaded. Deskside cannot sign in to a hub yet: accept them at {{url}}, download the file in a browser and add it here.",
  },
  HUB_FILE_NOT_FOUND: {
    title: "{{repo}} has no file “{{wanted}}”",
    body: "{{nearest}} Nothing was fetched.",
  },
  HUB_UNAVAILABLE: {
    title: "{{hub}} is not available",
    body: "{{status}}{{detail}}. What is installed works as before. Try again later or choose another hub.",
    action: "Try again",
  },
  HUB_RATE_LIMITED: {
    title: "{{hub}} asks to slow down",
    body: "Too many requests came from this network. {{wait}} What was fetched is kept.",
    action: "Try again",
  },
  HUB_ANSWER_INVALID: {
    title: "{{hub}} answered in a way that cannot be used",
    body: "{{detail}}. Perhaps a sign-in page of the network stands in between, or the address is not a hub. Nothing was changed.",
    action: "Try again",
  },
  DOWNLOAD_HASH_MISMATCH: {
    title: "The downloaded file is not the published one",
    body: "{{file}} from {{source}} should have the checksum {{expected}} and has {{actual}}. It was put aside and never becomes a model. Fetch it from another source.",
    action: "Another source",
  },
  DOWNLOAD_SIZE_MISMATCH: {
    title: "The downloaded file has the wrong size",
    body: "{{file}} from {{source}} should have {{expected}} and has {{actual}}. It was not used. Fetch it from another source.",
    action: "Another source",
  },
  DOWNLOAD_CHANGED: {
    title: "The file changed during the download",
    body: "{{source}} now has another version of {{file}}. Parts of two versions are not mixed, so it starts from the beginning.",
    action: "Start again",
  },
  DOWNLOAD_FAILED: {
    title: "The download stopped",
    body: "{{file}} from {{source}}: {{detail}}. What was fetched is kept; it goes on from there.",
    action: "Continue",
  },
  DOWNLOAD_NO_SPACE: {
    title: "Not enough disk for this download",
    body: "{{needed}} are needed at {{path}}, {{free}} are free. What was fetched is kept. Free some space or choose another folder.",
    action: "Try again",
  },
  DOWNLOAD_NOT_FOUND: {
    title: "This download is gone",
    body: "It was finished or removed, here or in another window.",
    action: "Reload",
  },
  UNSUPPORTED_FORMAT: {
    title: "{{format}} files cannot run here",
    body: "Deskside runs GGUF files. {{nearest}} Nothing was fetched.",
  },
  MODEL_IN_USE: {
    title: "{{model}} is in use",
    body: "It is loaded or is answering. Unload it first. Nothing was changed.",
  },
  MODEL_FILE_CHANGED: {
    title: "The file of {{model}} is another one now",
    body: "{{path}} had {{expected}} and has {{actual}}. It is not loaded. Verify it or add it again.",
  },
  MODEL_FOLDER_UNUSABLE: {
    title: "The model folder cannot be used",
    body: "{{path}}: {{detail}}. The models in other folders work. Connect the disk or choose another folder.",
    action: "Open the settings",
  },
  CANARY_FAILED: {
    title: "{{model}} did not pass its trial",
    body: "{{step}}: {{detail}}. It is not used; what was used before stays.",
  },
  CATALOGUE_SIGNATURE: {
    title: "This catalogue is not signed by a trusted key",
    body: "{{path}} was not taken over. The catalogue that is here stays in use.",
  },
} as const;

/** Parts of the sentences above. */
export const libraryErrorParts = {
  hubStatus: "It answered {{status}}. ",
  waitFor: "It can be asked again in {{time}}.",
  waitUnknown: "It did not say for how long.",
  nearestFile: "Close to it: {{names}}.",
  nearestFileNone: "No model file there has a name like it.",
  nearestFormat: "The nearest GGUF type is {{nearest}}.",
  nearestFormatAt: "The nearest GGUF type is {{nearest}}, at {{where}}.",
  nearestFormatNone: "No GGUF version of it is known.",
  canary: {
    validate: "Checking the file",
    load: "Loading",
    prompt: "Answering the known prompts",
    speed: "Measuring the speed",
  },
} as const;
