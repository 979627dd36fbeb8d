import type { Group, Unit } from "./units.ts";

/** A unit and its tokens, counted alone: close to what it adds to a text. */
export interface CountedUnit extends Unit {
  readonly tokens: number;
}

export interface CountedGroup extends Group {
  readonly units: readonly CountedUnit[];
  /** Tokens of title and headings that go before a passage that starts here. */
  readonly contextTokens: number;
}

export interface Draft {
  readonly sections: readonly string[];
  readonly units: readonly CountedUnit[];
}

export interface PassageSize {
  /** Tokens a passage should have with its context, may have at most, and shares with the one before. */
  readonly targetTokens: number;
  readonly maximumTokens: number;
  readonly overlapTokens: number;
}

/** A passage below this share of the target takes in what would better stand alone. */
const small = 0.4;

/** Fills passages group by group. Units are not longer than the room a passage has. */
export function packUnits(groups: readonly CountedGroup[], size: PassageSize): Draft[] {
  const packer = new Packer(size);
  for (const group of groups) packer.add(group);
  packer.flush();
  return packer.drafts;
}

class Packer {
  readonly drafts: Draft[] = [];
  readonly #size: PassageSize;
  #sections: readonly string[] = [];
  #units: CountedUnit[] = [];
  #tokens = 0;
  /** Units at the start of `#units` that the passage before ends with. */
  #repeated = 0;

  constructor(size: PassageSize) {
    this.#size = size;
  }

  add(group: CountedGroup): void {
    const { targetTokens, maximumTokens } = this.#size;
    const tokens = sum(group.units);
    const isSmall = this.#tokens < small * targetTokens;
    const fits = (limit: number) => this.#tokens + tokens <= limit;
    if (this.#mustStart(group, isSmall)) this.#start(group, false);
    else if (!fits(targetTokens)) {
      // A list is kept together where it can be; a paragraph that fits the next passage is not torn for a few words.
      const alone = tokens + group.contextTokens;
      const goesOnTop = group.kind === "list" && fits(maximumTokens);
      if (!goesOnTop && !isSmall && alone <= targetTokens) this.#start(group, group.kind !== "table");
    }
    for (const unit of group.units) this.#addUnit(unit, group, this.#limit(group, tokens));
  }

  flush(): void {
    if (this.#units.length > this.#repeated) this.drafts.push({ sections: this.#sections, units: this.#units });
    this.#units = [];
    this.#repeated = 0;
  }

  #limit({ kind }: CountedGroup, tokens: number): number {
    const { targetTokens, maximumTokens } = this.#size;
    return kind === "list" && this.#tokens + tokens <= maximumTokens ? maximumTokens : targetTokens;
  }

  /** Headings over the passage must also stand over what it takes in. */
  #mustStart(group: CountedGroup, isSmall: boolean): boolean {
    if (this.#units.length === 0) return true;
    const first = this.#units[0]?.block.kind;
    const above = this.#sections;
    if (!above.every((section, depth) => group.sections[depth] === section)) return true;
    if (group.isHeading) return !isSmall;
    const isOther = (group.kind === "table") !== (first === "table") || (group.kind === "code") !== (first === "code");
    return isOther && !isSmall;
  }

  #addUnit(unit: CountedUnit, group: CountedGroup, limit: number): void {
    const after = this.#tokens + unit.tokens;
    const mayGrow = this.#tokens < small * this.#size.targetTokens && after <= this.#size.maximumTokens;
    if (after > limit && !mayGrow && this.#units.length > 0) this.#start(group, group.kind === "text");
    // What is repeated must not push out what comes new.
    if (this.#tokens + unit.tokens > this.#size.maximumTokens && this.#repeated === this.#units.length)
      this.#begin(group, []);
    this.#units.push(unit);
    this.#tokens += unit.tokens;
  }

  #start(group: CountedGroup, repeats: boolean): void {
    const ended = this.#units;
    const isSameSection = group.sections.join("\n") === this.#sections.join("\n") || this.#endsIn(group);
    this.flush();
    this.#begin(group, repeats && isSameSection && !group.isHeading ? this.#tail(ended) : []);
  }

  #begin(group: CountedGroup, repeated: CountedUnit[]): void {
    this.#sections = group.sections;
    this.#units = repeated;
    this.#repeated = repeated.length;
    this.#tokens = group.contextTokens + sum(repeated);
  }

  /** The passage began above the heading that `group` stands under, and ends below it. */
  #endsIn({ sections }: CountedGroup): boolean {
    const heading = this.#units.findLast(({ block }) => block.kind === "heading");
    return heading !== undefined && heading.block.text.replace(/\s+/g, " ").trim() === sections.at(-1);
  }

  /** Last sentences of a passage, as many as the overlap takes; nothing from before a heading. */
  #tail(units: readonly CountedUnit[]): CountedUnit[] {
    const tail: CountedUnit[] = [];
    let left = this.#size.overlapTokens;
    for (const unit of units.toReversed()) {
      const { kind } = unit.block;
      if ((kind !== "paragraph" && kind !== "list-item") || unit.tokens > left) break;
      left -= unit.tokens;
      tail.unshift(unit);
    }
    return tail;
  }
}

function sum(units: readonly CountedUnit[]): number {
  return units.reduce((total, { tokens }) => total + tokens, 0);
}
