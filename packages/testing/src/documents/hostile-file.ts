/** A file that was made to break its reader. */
export interface HostileFile {
  /** What is wrong with it; the same in every run. */
  readonly name: string;
  readonly fileName: string;
  /** Made when it is wanted: some are large. */
  readonly make: () => Uint8Array;
  /** How reading may end: as a document, or refused for one of these reasons. */
  readonly ends: readonly string[];
  /** It has no text: the harm is in its pictures, and only whoever draws its pages meets it. */
  readonly isScan?: boolean;
  /** Making or reading it takes longer than every run can wait. */
  readonly isSlow?: boolean;
}
