import type { PersonalDataKind } from "@deskside/contract";
import { creditCheckCharacter, luhnSum } from "../checked-numbers.ts";
import { idCheckDigit } from "../id-numbers.ts";

/** One text with the value that has to be found in it, or null for one that only looks like having one. */
export interface LabelledText {
  readonly text: string;
  readonly kind: PersonalDataKind | null;
  /** The value as it stands in the text. */
  readonly written: string;
}

interface Random {
  below(limit: number): number;
}

/** Numbers that are the same in every run with the same seed (mulberry32). */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(limit) {
      state = (state + 0x6d2b79f5) >>> 0;
      let value = Math.imul(state ^ (state >>> 15), state | 1);
      value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
      return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * limit);
    },
  };
}

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)] as T;
const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random.below(10)).join("");
const pad = (value: number, size = 2): string => String(value).padStart(size, "0");

const regions = [
  "110105",
  "310115",
  "440304",
  "510104",
  "330106",
  "420111",
  "370202",
  "610113",
  "230103",
  "650102",
  "350102",
];
const birthday = (random: Random, from: number, to: number): string =>
  `${from + random.below(to - from)}${pad(1 + random.below(12))}${pad(1 + random.below(28))}`;

function idNumber(random: Random): string {
  const first = pick(random, regions) + birthday(random, 1935, 2015) + pad(1 + random.below(999), 3);
  return first + idCheckDigit(first);
}

const oldIdNumber = (random: Random): string =>
  pick(random, regions) + birthday(random, 1930, 1990).slice(2) + pad(1 + random.below(999), 3);

const networks =
  "130 131 135 136 138 139 147 150 151 158 159 166 170 173 176 177 180 183 186 188 189 191 193 198 199".split(" ");
const mobile = (random: Random): string => pick(random, networks) + digits(random, 8);

function bankCard(random: Random): string {
  const [beginning, length] = pick(random, [
    ["622202", 19],
    ["621700", 19],
    ["622848", 19],
    ["625094", 16],
    ["4392", 16],
    ["5218", 16],
  ] as const);
  const first = beginning + digits(random, length - beginning.length - 1);
  return first + ((10 - (luhnSum(`${first}0`) % 10)) % 10);
}

function creditCode(random: Random): string {
  const letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const first = `91${pick(random, regions)}${Array.from({ length: 9 }, () => pick(random, letters.split(""))).join("")}`;
  return first + creditCheckCharacter(first);
}

function landline(random: Random): string {
  const [area, length] = pick(random, [
    ["010", 8],
    ["021", 8],
    ["0755", 8],
    ["0571", 8],
    ["0451", 8],
    ["0931", 7],
  ] as const);
  return `${area}-${2 + random.below(7)}${digits(random, length - 1)}`;
}

const email = (random: Random): string =>
  `${pick(random, ["li.wei", "zhang_san", "anna", "bob.smith", "wang2020"])}${random.below(999)}@${pick(random, ["example.com", "qq.com", "mail.example.cn", "163.com"])}`;

const makers: readonly (readonly [PersonalDataKind, (random: Random) => string])[] = [
  ["id-number", idNumber],
  ["id-number", idNumber],
  ["id-number", oldIdNumber],
  ["mobile", mobile],
  ["mobile", mobile],
  ["landline", landline],
  ["bank-card", bankCard],
  ["email", email],
  ["credit-code", creditCode],
  ["passport", (random) => `E${digits(random, 8)}`],
];

const wide = (text: string): string =>
  text.replace(/[0-9A-Z]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
const cut = (text: string, sizes: readonly number[], mark: string): string => {
  let at = 0;
  const parts = sizes.map((size) => text.slice(at, (at += size)));
  return [...parts, text.slice(at)].filter((part) => part !== "").join(mark);
};
const misread = (text: string, random: Random): string => {
  const places = [...text.matchAll(/[01]/g)].map(({ index }) => index);
  const chosen = new Set(Array.from({ length: 2 }, () => places[random.below(places.length)]));
  return [...text]
    .map((one, index) =>
      chosen.has(index) ? (one === "0" ? pick(random, ["O", "o"]) : pick(random, ["l", "I"])) : one,
    )
    .join("");
};

/** The ways a value is written, by kind; `start` stands on the same line before it. */
function write(kind: PersonalDataKind, value: string, random: Random): string {
  if (kind === "email") return pick(random, [value, value, value.replace("@", "＠"), value.toUpperCase()]);
  if (kind === "passport") return pick(random, [value, wide(value)]);
  if (kind === "landline")
    return pick(random, [
      value,
      value.replace("-", ""),
      value.replace("-", " "),
      `(${value.replace("-", ")")}`,
      wide(value),
    ]);
  if (kind === "mobile") {
    const parts = pick(random, [" ", "-", "—", " - "]);
    return pick(random, [
      value,
      value,
      cut(value, [3, 4], parts),
      `+86 ${value}`,
      `86-${value}`,
      wide(value),
      misread(value, random),
      cut(value, [3, 4], " | "),
      cut(value, [4 + random.below(5)], "\n"),
    ]);
  }
  if (kind === "bank-card")
    return pick(random, [
      value,
      cut(value, [4, 4, 4, 4], " "),
      cut(value, [4, 4, 4, 4], "-"),
      wide(value),
      misread(value, random),
    ]);
  if (kind === "credit-code")
    return pick(random, [value, value.toLowerCase(), cut(value, [2, 6, 9], " "), wide(value), cut(value, [8], "\n")]);
  if (value.length === 15) return pick(random, [value, cut(value, [6, 6], " "), wide(value), misread(value, random)]);
  return pick(random, [
    value,
    value.toLowerCase(),
    cut(value, [6, 8], " "),
    cut(value, [6, 4, 4], "-"),
    wide(value),
    misread(value, random),
    cut(value, [5 + random.below(8)], "\n"),
    cut(value, [6, 8], " | "),
    cut(value, [3, 3, 4, 4], " "),
  ]);
}

const frames: Readonly<Record<PersonalDataKind, readonly string[]>> = {
  "id-number": [
    "身份证号：{}，请核对。",
    "员工张三（{}）已入职",
    "ID card {} was issued in 2010.",
    "| 李雷 | {} | 在职 |",
  ],
  mobile: [
    "联系电话：{}。",
    "请拨打{}找王经理",
    "Call {} after 9:30.",
    "Mobile {}, room 204",
    "姓名 赵六 手机 {} 备注 无",
  ],
  landline: ["座机 {} 工作日接听", "Tel. {} (office)", "电话：{}；传真另附"],
  "bank-card": ["收款账号 {}（工商银行）", "card {} expires 09/27", "卡号：{}"],
  email: ["邮箱{}，抄送部门", "Write to {} today.", "<{}>"],
  passport: ["护照号码：{}", "Passport No. {} valid until 2030", "护照 {}，签发地北京"],
  "credit-code": ["统一社会信用代码：{}", "Company code {} (GB 32100)", "营业执照 {} 有效"],
};

/** Values of all kinds in English and Chinese sentences, written in many ways. */
export function personalDataTexts(count: number, seed: number): LabelledText[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const [kind, make] = makers[index % makers.length] as (typeof makers)[number];
    const written = write(kind, make(random), random);
    return { kind, written, text: pick(random, frames[kind]).replace("{}", () => written) };
  });
}

/** Numbers of everyday documents: orders, amounts, dates, versions, codes, tables, and values with a wrong check digit. */
export function lookAlikeTexts(count: number, seed: number): LabelledText[] {
  const random = createRandom(seed);
  const wrongId = () => {
    const right = idNumber(random);
    return (
      right.slice(0, 17) +
      pick(
        random,
        "0123456789X".split("").filter((one) => one !== right[17]),
      )
    );
  };
  const wrongCard = () => {
    const right = bankCard(random);
    return right.slice(0, -1) + ((Number(right.at(-1)) + 1 + random.below(9)) % 10);
  };
  const hex = (length: number) => Array.from({ length }, () => random.below(16).toString(16)).join("");
  const date = () => `${2000 + random.below(30)}-${pad(1 + random.below(12))}-${pad(1 + random.below(28))}`;
  const kinds: readonly (() => string)[] = [
    () => `身份证号填写错误：${wrongId()}`,
    () => `wrong card ${cut(wrongCard(), [4, 4, 4, 4], pick(random, ["", " ", "-"]))}`,
    () =>
      `订单号 ${2000 + random.below(30)}${pad(1 + random.below(12))}${pad(1 + random.below(28))}${digits(random, 4 + random.below(8))}`,
    () => `order no. ${date().replaceAll("-", "")}${digits(random, 8)} of ${date()}`,
    () => `金额 ${1 + random.below(999)},${digits(random, 3)},${digits(random, 3)}.${digits(random, 2)} 元`,
    () => `measured 0.${digits(random, 11)} and ${random.below(99)}.${digits(random, 6)}`,
    () =>
      `${date()} ${pad(random.below(24))}:${pad(random.below(60))}:${pad(random.below(60))}.${digits(random, 6)} started`,
    () => `id ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
    () => `commit ${hex(40)}, part ${pick(random, ["E", "G", "K"])}${digits(random, 8)}`,
    () => `快递单号 ${pick(random, ["SF", "YT", "JD"])}${digits(random, 13)}`,
    () => `ISBN 978-7-${digits(random, 3)}-${digits(random, 5)}-${digits(random, 1)}，第${random.below(900)}页`,
    () =>
      `${10 + random.below(240)}.${random.below(255)}.${random.below(255)}.${random.below(255)}:${1000 + random.below(60000)}`,
    () => `1${digits(random, 9)} and 1${pick(random, ["0", "1", "2"])}${digits(random, 9)} and 1${digits(random, 12)}`,
    () => Array.from({ length: 6 }, () => digits(random, 3 + random.below(4))).join(pick(random, ["\n", "\t", " | "])),
    () => `400-${digits(random, 3)}-${digits(random, 4)} 客服热线`,
    () => `timestamp 17${digits(random, 8)}, 17${digits(random, 11)}`,
    () => `a @ ${digits(random, 3)} or user@host${random.below(9)} or @name_${digits(random, 4)}`,
    () => `IMEI ${pick(random, ["35", "86"])}${digits(random, 13)}`,
    () => `account ${digits(random, 15)} and ${digits(random, 12)}`,
    () => `version ${random.below(20)}.${random.below(100)}.${digits(random, 4)}-build.${digits(random, 5)}`,
    () =>
      `面积 ${digits(random, 3)} m2，坐标 ${random.below(180)}.${digits(random, 6)}, ${random.below(90)}.${digits(random, 6)}`,
    () => `规格 ${digits(random, 2)}-${digits(random, 4)}-${digits(random, 3)}，批号 L${digits(random, 7)}`,
  ];
  return Array.from({ length: count }, (_, index) => {
    const text = (kinds[index % kinds.length] as () => string)();
    return { kind: null, written: "", text };
  });
}
