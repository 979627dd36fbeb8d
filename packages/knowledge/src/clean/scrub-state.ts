import { createCipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { PersonalDataKind } from "@deskside/contract";

/** One replaced value as it is stored. Without the key it says nothing but its kind and how many there are. */
export interface SealedValue {
  readonly kind: PersonalDataKind;
  /** The number in its label. */
  readonly number: number;
  /** Hex; finds the same value again. */
  readonly lookup: string;
  /** Nonce (12 bytes), AES-256-GCM ciphertext and tag (16 bytes). */
  readonly sealed: Uint8Array;
}

/** What the values of one collection were replaced by: the same value by the same label, in every document. */
export interface ScrubState {
  readonly kinds: ReadonlySet<PersonalDataKind>;
  /** `[身份证 1]` or `[ID 1]`; a new number for a value that was not seen before. */
  labelOf(kind: PersonalDataKind, value: string): string;
  /** Values seen for the first time since the last call: to be stored with what was scrubbed. */
  takeNew(): SealedValue[];
}

const labels = {
  en: {
    "id-number": "ID",
    mobile: "Mobile",
    landline: "Phone",
    "bank-card": "Card",
    email: "E-mail",
    passport: "Passport",
    "credit-code": "Credit code",
  },
  zh: {
    "id-number": "身份证",
    mobile: "手机号",
    landline: "电话",
    "bank-card": "银行卡",
    email: "邮箱",
    passport: "护照",
    "credit-code": "信用代码",
  },
} as const satisfies Record<string, Record<PersonalDataKind, string>>;

export interface ScrubStateOptions {
  readonly kinds: Iterable<PersonalDataKind>;
  readonly language: keyof typeof labels;
  /** 32 bytes, used for nothing else. Values are sealed and looked up with keys derived from it. */
  readonly key: Uint8Array;
  /** What was stored before; `sealed` is not needed to go on. */
  readonly known?: Iterable<Omit<SealedValue, "sealed">>;
}

/** Throws RangeError for a key of another length than 32 bytes. */
export function createScrubState({ kinds, language, key, known = [] }: ScrubStateOptions): ScrubState {
  if (key.length !== 32) throw new RangeError("a key has 32 bytes");
  const sealingKey = deriveKey(key, "scrub/seal");
  const lookupKey = deriveKey(key, "scrub/lookup");
  const numbers = new Map<string, number>();
  const last = new Map<PersonalDataKind, number>();
  // Only of values met since the start, so that the same one costs nothing the second time.
  const seen = new Map<string, string>();
  let fresh: SealedValue[] = [];
  for (const { kind, number, lookup } of known) {
    numbers.set(lookup, number);
    last.set(kind, Math.max(last.get(kind) ?? 0, number));
  }
  const numberOf = (kind: PersonalDataKind, value: string): number => {
    const lookup = createHmac("sha256", lookupKey).update(`${kind}\n${value}`).digest("hex");
    const before = numbers.get(lookup);
    if (before !== undefined) return before;
    const number = (last.get(kind) ?? 0) + 1;
    last.set(kind, number);
    numbers.set(lookup, number);
    fresh.push({ kind, number, lookup, sealed: seal(sealingKey, `${kind}\n${number}`, value) });
    return number;
  };
  return {
    kinds: new Set(kinds),
    labelOf(kind, value) {
      const id = `${kind}\n${value}`;
      const before = seen.get(id);
      if (before !== undefined) return before;
      const label = `[${labels[language][kind]} ${numberOf(kind, value)}]`;
      seen.set(id, label);
      return label;
    },
    takeNew() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}

function deriveKey(key: Uint8Array, label: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, new Uint8Array(), label, 32));
}

/** The label is authenticated with the value: one cannot be put in the place of another. */
function seal(key: Buffer, label: string, value: string): Uint8Array {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(label));
  return Buffer.concat([nonce, cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]);
}
