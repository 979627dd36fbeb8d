/** Words for the errors of bundles and signed catalogues. */
export const bundleErrorWords = {
  BUNDLE_DAMAGED: {
    title: "This bundle is not as it was made",
    body: "{{path}}: {{reason}}{{entry}}. Nothing of it was taken over. Have it copied again, or made again.",
  },
  BUNDLE_SIGNATURE_INVALID: {
    title: "The signature of this bundle does not hold",
    body: "{{path}} was changed after it was made. Nothing of it was taken over. Get it again from whoever made it.",
  },
  BUNDLE_NEWER: {
    title: "This bundle was made by a later version",
    body: "{{path}} has the format {{version}}. Nothing was taken over. Update Deskside on this computer first.",
  },
  BUNDLE_NOT_TRUSTED: {
    title: "Nobody confirmed who made this bundle",
    body: "Its fingerprint is {{fingerprint}}. Nothing was taken over. Compare it with the one the sending computer shows, then confirm it (on the command line: --trust with the fingerprint).",
  },
  BUNDLE_EXISTS: {
    title: "There is a file of this name already",
    body: "{{path}} was not touched, and nothing was written. Choose another name.",
  },
  BUNDLE_EMPTY: {
    title: "There is nothing to put into the bundle",
    body: "Nothing was written. Choose a model, the settings, or a catalogue that was updated from a file.",
  },
  BUNDLE_NO_SPACE: {
    title: "Not enough disk for this bundle",
    body: "{{needed}} are needed at {{path}}, {{free}} are free. Nothing was kept of it. Free some space first.",
  },
  BUNDLE_UNWRITABLE: {
    title: "The bundle cannot be written there",
    body: "{{path}}: {{detail}}. Nothing was left there. Choose another folder.",
  },
  BUNDLE_JOB_NOT_FOUND: {
    title: "This bundle is not being worked on any more",
    body: "It was finished a while ago, or Deskside was started anew: then nothing of it was kept. Start it again.",
  },
  CATALOGUE_SIGNATURE_INVALID: {
    title: "This catalogue is not signed by a trusted key",
    body: "{{path}} was not taken over. The catalogue that is here stays in use. Get the file from the release of Deskside.",
  },
  CATALOGUE_OLDER: {
    title: "This catalogue is older than the one in use",
    body: "{{path}} is of {{date}}, the one in use of {{currentDate}}. It stays in use.",
  },
  CATALOGUE_DAMAGED: {
    title: "This catalogue cannot be read",
    body: "{{path}}: {{detail}}. The catalogue that is here stays in use. Get the file again.",
  },
} as const;

/** Parts of the sentences above. */
export const bundleErrorParts = {
  damage: {
    "not-a-bundle": "it is no bundle",
    "cut-off": "it ends too early",
    "extra-entry": "it holds something its list does not name",
    "duplicate-entry": "it holds the same name twice",
    "unsafe-path": "it holds a name that would leave its folder",
    "not-a-file": "it holds something that is no plain file, such as a link",
    "too-large": "a part is larger than anything real",
    "manifest-invalid": "its list makes no sense",
    "header-changed": "the head of a part was changed",
    "content-changed": "a part does not have the listed SHA-256",
    "padding-changed": "bytes between its parts were changed",
  },
  entry: " ({{entry}})",
} as const;
