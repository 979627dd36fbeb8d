import type { Language } from "../i18n/languages.ts";

/** How one language writes figures. Every value that is not known is `–`. */
export interface Formats {
  /** Whole numbers with separators: 1,248. */
  integer(value: number): string;
  /** `digits` after the point at most. */
  number(value: number, digits?: number): string;
  /** Counts of tokens, as context sizes are named: 486, 9.8K, 8K for 8,192, 128K. K = 1,024. */
  compact(value: number): string;
  /** A fraction 0–1: 62%. */
  percent(fraction: number): string;
  /** Memory and disk in binary units, as the system reports them: 11.3 GB, 512 MB, 0.8 GB. */
  bytes(bytes: number): string;
  /** Only the figure in GB, for pairs such as "11.3 / 12 GB". */
  gigabytes(bytes: number): string;
  /** Downloads and file sizes as shops write them, in decimal units: 98.2 MB. */
  fileSize(bytes: number): string;
  /** Bytes to the last one, for tooltips: 11,811,160,064 bytes. */
  exactBytes(bytes: number): string;
  /** Bytes a second as data sheets write them, in decimal units: 432 GB/s. */
  rate(bytesPerSecond: number): string;
  /** 67 °C. */
  celsius(degrees: number): string;
  /** 118 W, 0.8 W. */
  watts(watts: number): string;
  /** Joules: 412 J, 1.2 kJ. */
  energy(joules: number): string;
  /** Milliseconds: 0.42 s, 8.4 s, 1 min 24 s, 6 h 8 min. */
  duration(ms: number): string;
  /** Milliseconds that somebody chose: 30 s, 5 min, 2 h. */
  span(ms: number): string;
  /** Tokens per second: 38.2 tok/s. Null = not measured. */
  speed(tokensPerSecond: number | null): string;
  /** Only the figure: 38.2; from 100 without a decimal. */
  speedFigure(tokensPerSecond: number | null): string;
  /** 14:02. */
  time(at: number): string;
  /** 14:02:11. */
  timeWithSeconds(at: number): string;
  /** 25 November 2026, or 2026年11月25日. */
  date(at: number): string;
  /** For the end of a list row: the time today, the weekday in the last week, else day and month, with the year if another. */
  moment(at: number, now: number): string;
  /** Date and time, for tooltips. */
  dateTime(at: number): string;
}

export const unknown = "–";

const cache = new Map<Language, Formats>();

export function createFormats(language: Language): Formats {
  let formats = cache.get(language);
  if (!formats) {
    formats = buildFormats(language);
    cache.set(language, formats);
  }
  return formats;
}

function buildFormats(language: Language): Formats {
  const locale = language === "en" ? "en-GB" : "zh-CN";
  const number = numberWriter(locale);
  const speedFigure = (value: number | null) => {
    if (value === null || !Number.isFinite(value)) return unknown;
    return number(value, value >= 100 ? 0 : 1, value >= 100 ? 0 : 1);
  };
  return {
    ...dateFormats(locale, language),
    number: (value, digits = 1) => number(value, digits),
    integer: (value) => number(value, 0),
    compact: (value) => compact(value, number),
    percent: (fraction) => (Number.isFinite(fraction) ? `${number(fraction * 100, 0)}%` : unknown),
    bytes: (bytes) => scaled(bytes, 1024, number),
    gigabytes: (bytes) => gigabytes(bytes, number),
    fileSize: (bytes) => scaled(bytes, 1000, number),
    exactBytes: (bytes) =>
      language === "en" ? `${number(bytes, 0)} ${bytes === 1 ? "byte" : "bytes"}` : `${number(bytes, 0)} 字节`,
    rate: (value) => (Number.isFinite(value) ? `${scaled(value, 1000, number)}/s` : unknown),
    celsius: (value) => `${number(value, 0)} °C`,
    watts: (value) => `${number(value, value < 10 ? 1 : 0)} W`,
    energy: (value) => energy(value, number),
    duration: (ms) => duration(ms, language, number),
    span: (ms) => span(ms, language, number),
    speedFigure,
    speed: (value) => `${speedFigure(value)} tok/s`,
  };
}

type WriteNumber = (value: number, digits: number, least?: number) => string;

function numberWriter(locale: string): WriteNumber {
  const writers = new Map<string, Intl.NumberFormat>();
  return (value, digits, least = 0) => {
    if (!Number.isFinite(value)) return unknown;
    const key = `${digits}/${least}`;
    let writer = writers.get(key);
    if (!writer) {
      writer = new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: least });
      writers.set(key, writer);
    }
    return writer.format(value);
  };
}

function compact(value: number, number: WriteNumber): string {
  if (!Number.isFinite(value)) return unknown;
  if (Math.abs(value) < 1024) return number(value, 0);
  const thousands = value / 1024;
  // 1,023.6K would round to 1,024K; the next unit says it in fewer signs.
  if (Math.abs(thousands) >= 1023.5) return `${number(thousands / 1024, 1)}M`;
  return `${number(thousands, Math.abs(thousands) < 99.95 ? 1 : 0)}K`;
}

const units = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

/** Whole bytes, else one decimal below 100: 512 B, 98.2 MB, 512 MB, 11.3 GB. */
function scaled(bytes: number, base: number, number: WriteNumber): string {
  if (!Number.isFinite(bytes)) return unknown;
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= base - 0.5 && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${bytes < 0 ? "-" : ""}${number(value, digits)} ${units[unit]}`;
}

function gigabytes(bytes: number, number: WriteNumber): string {
  const value = bytes / 1024 ** 3;
  return number(value, value >= 99.95 ? 0 : 1);
}

function span(ms: number, language: Language, number: WriteNumber): string {
  const words = language === "en" ? { h: "h", min: "min", s: "s" } : { h: "小时", min: "分钟", s: "秒" };
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${number(ms / 3_600_000, 0)} ${words.h}`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${number(ms / 60_000, 0)} ${words.min}`;
  if (ms % 1000 === 0 && ms < 600_000) return `${number(ms / 1000, 0)} ${words.s}`;
  return duration(ms, language, number);
}

function energy(joules: number, number: WriteNumber): string {
  if (joules < 999.5) return `${number(joules, joules < 10 ? 1 : 0)} J`;
  return joules < 999_500 ? `${number(joules / 1000, 1)} kJ` : `${number(joules / 1_000_000, 1)} MJ`;
}

function duration(ms: number, language: Language, number: WriteNumber): string {
  if (!Number.isFinite(ms) || ms < 0) return unknown;
  const words = language === "en" ? { h: "h", min: "min", s: "s" } : { h: "小时", min: "分", s: "秒" };
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${number(seconds, seconds < 0.9995 ? 2 : 1, seconds < 0.9995 ? 2 : 1)} ${words.s}`;
  if (seconds < 59.5) return `${number(seconds, 0)} ${words.s}`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} ${words.min} ${whole % 60} ${words.s}`;
  const minutes = Math.round(whole / 60);
  return `${number(Math.floor(minutes / 60), 0)} ${words.h} ${minutes % 60} ${words.min}`;
}

const dayMs = 86_400_000;

function dateFormats(locale: string, language: Language) {
  const write = (options: Intl.DateTimeFormatOptions) => {
    const writer = new Intl.DateTimeFormat(locale, options);
    return (at: number) => (Number.isFinite(at) ? writer.format(at) : unknown);
  };
  const time = write({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const weekday = write({ weekday: "short" });
  const day = write({ day: "numeric", month: "short" });
  const dayWithYear = write({ day: "numeric", month: "short", year: "numeric" });
  const date = write({ day: "numeric", month: "long", year: "numeric" });
  const moment = (at: number, now: number) => {
    const today = startOfDay(now);
    if (at >= today && at < today + dayMs) return time(at);
    if (at < today && at >= today - 6 * dayMs) return weekday(at);
    return new Date(at).getFullYear() === new Date(now).getFullYear() ? day(at) : dayWithYear(at);
  };
  return {
    time,
    timeWithSeconds: write({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    date,
    dateTime: (at: number) => (language === "en" ? `${date(at)}, ${time(at)}` : `${date(at)} ${time(at)}`),
    moment,
  };
}

function startOfDay(at: number): number {
  const date = new Date(at);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}
