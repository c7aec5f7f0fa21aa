/** A statechart as it lies on a plane: plain data. Lengths are CSS pixels from the top left corner. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A state: `path` has dots between the levels, as the paths of a run have them. */
export interface StateBox extends Box {
  readonly path: string;
  readonly name: string;
  /** How deep it lies, from 0. */
  readonly depth: number;
  readonly isComposite: boolean;
  readonly isInitial: boolean;
  readonly isFinal: boolean;
  /** What it means, for people. */
  readonly description?: string;
}

/** What a transition is for: going on, or leaving the way because of a failure, a cancel or a loss. */
export type ArrowKind = 'forward' | 'leaving';

export interface Arrow {
  readonly source: string;
  readonly target: string;
  readonly kind: ArrowKind;
  readonly points: readonly Point[];
  readonly labels: ReadonlyArray<Box & { readonly text: string }>;
}

export interface Drawing {
  readonly machine: string;
  readonly width: number;
  readonly height: number;
  /** Parents before their children. */
  readonly states: readonly StateBox[];
  readonly arrows: readonly Arrow[];
}

/** Steps with their insides closed, and with them open. */
export interface MachineDrawings {
  readonly steps: Drawing;
  readonly calls: Drawing;
}

export type DrawingDetail = keyof MachineDrawings;

/** By the name of the machine. */
export type Drawings = Readonly<Record<string, MachineDrawings>>;
