/** Words for the errors of proxies, hubs, downloads and the model store. */
export const libraryErrorWords = {
  PROXY_UNUSABLE: {
    title: "The proxy {{proxy}} cannot be used",
    body: "{{reason}} Nothing was sent. Change it in the settings under Network, or in the environment (HTTPS_PROXY).",
    action: "Network settings",
  },
  PROXY_UNREACHABLE: {
    title: "The proxy {{proxy}} does not answer",
    body: "{{host}} was not reached ({{detail}}), and what was fetched before is kept. Is this computer in the network of the proxy? The proxy stands in the settings under Network, or in the environment (HTTPS_PROXY).",
    action: "Network settings",
  },
  PROXY_AUTH_REQUIRED: {
    title: "The proxy {{proxy}} wants a name and password",
    body: "{{what}} {{host}} was not reached; nothing was changed. Write http://name:password@{{proxy}} in the settings under Network or in HTTPS_PROXY. Only the method “Basic” is supported.",
    action: "Network settings",
  },
  PROXY_REFUSED: {
    title: "The proxy {{proxy}} does not connect to {{host}}",
    body: "It answered with status {{status}}: the host is forbidden there, or cannot be reached from there. Nothing was changed. Ask whoever runs the proxy to allow {{host}}, or choose another hub.",
    action: "Network settings",
  },
  HUB_REPO_NOT_FOUND: {
    title: "“{{repo}}” was not found",
    body: "{{hub}} has no repository with this name, or shows it only with a token. Nothing was fetched. Check the spelling (owner/name) or try another hub.",
  },
  HUB_GATED: {
    title: "{{repo}} has to be unlocked by its owner",
    body: "{{hub}} gives the files only to accounts that accepted the conditions. {{next}} Nothing was downloaded.",
    action: "Tokens",
  },
  HUB_TOKEN_REFUSED: {
    title: "{{hub}} refuses the token for {{host}}",
    body: "It is wrong, was withdrawn or has run out. Nothing was downloaded. Make a new one in your account there and replace it in the settings under Network, or with “deskside models token set {{host}}”.",
    action: "Tokens",
  },
  ADAPTER_MISMATCH: {
    title: "“{{adapter}}” does not belong to {{base}}",
    body: "{{reason}} ({{detail}}). Nothing was attached or changed. An adapter works only with the very model it was trained for: choose that model, or take the adapter off in the library.",
  },
  DRAFT_MISMATCH: {
    title: "“{{draft}}” cannot draft for {{base}}",
    body: "{{reason}} ({{detail}}). Nothing was attached or changed. Choose a smaller model of the same family, or take the draft model off in the library.",
  },
  NOT_ATTACHED: {
    title: "Nothing to take off",
    body: "{{model}} has no adapter or draft model with this name any more. Nothing was changed.",
  },
  HUB_TOKEN_NOT_FOUND: {
    title: "No token is kept for {{host}}",
    body: "Nothing was changed. One from the environment (HF_TOKEN) is removed there.",
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
    body: "{{needed}} are needed at {{path}}, {{free}} are free. What was fetched is kept. Free some space, then it goes on by itself while Deskside runs; or choose another folder.",
    action: "Try again",
  },
  DOWNLOAD_PAUSED: {
    title: "The download is paused",
    body: "{{received}} of {{total}} are here and kept. The same command goes on from there.",
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
} as const;

/** Parts of the sentences above. */
export const libraryErrorParts = {
  adapter: {
    "not-an-adapter": "The file is no adapter",
    "not-lora": "It is not of the kind LoRA",
    "other-architecture": "It was made for another kind of model",
    "unknown-tensor": "It changes a part that this model does not have",
    "other-shape": "It was made for a model of another size",
    "file-changed": "The file is not the one that was attached",
    "not-attached": "No adapter of this name is attached",
  },
  draft: {
    "not-a-chat-model": "It does not write text",
    "same-model": "It is the same model",
    "other-tokenizer": "It cuts text into other tokens",
    "other-vocabulary-size": "It has another number of tokens",
    "other-special-token": "Its control tokens are others",
    "other-token": "A token means something else in it",
  },
  proxy: {
    socks:
      "It is a SOCKS proxy, which Deskside does not speak: HTTP proxies only, with http:// or https:// before the address.",
    "not-an-address": "This is no address of an HTTP proxy, such as http://proxy.example:3128.",
    "link-local-address": "Its name leads to an address of this network's own machinery, which is never connected.",
    noPassword: "None was given.",
    refusedPassword: "Those that were given were not accepted.",
  },
  gatedNew:
    "Accept them at {{url}}, make a token with reading rights in your account there, and enter it in the settings under Network, or with “deskside models token set {{host}}”. Then try again.",
  gatedSignedIn:
    "The token for {{host}} was accepted, but its account has not accepted the conditions, or the owner has not let it in yet. Open {{url}} with that account, then try again.",

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
