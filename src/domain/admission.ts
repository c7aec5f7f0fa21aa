import type { StepName } from './step.ts';

/** The kinds of host work of which only so much goes on at once. */
export const ADMISSION_CLASSES = ['layers', 'network', 'systems', 'vms'] as const;

export type AdmissionClass = (typeof ADMISSION_CLASSES)[number];

/** How much work of a class may go on at once; `Infinity`: any amount. */
export type AdmissionLimits = Readonly<Partial<Record<AdmissionClass, number>>>;

/** What may go on at once where nobody says otherwise: see docs/decisions/0012-admission.md. */
export const DEFAULT_ADMISSION: Readonly<Record<AdmissionClass, number>> = {
  layers: 8,
  network: 4,
  systems: 8,
  vms: 4,
};

/** The steps that wait for their turn, and with whom. */
export const CLASS_OF_STEP = {
  networking: 'network',
  creatingScratch: 'layers',
  mountingLayers: 'layers',
  creatingComputeSystem: 'systems',
  creating: 'vms',
  starting: 'vms',
} as const satisfies Partial<Record<StepName, AdmissionClass>>;

export type LimitedStep = keyof typeof CLASS_OF_STEP;

/** A place in the queue of a class. */
export interface QueuePlace {
  readonly class: AdmissionClass;
  /** How many of those that wait are served first. */
  readonly ahead: number;
}

/** `layers, 12 ahead` */
export function placeInWords(place: QueuePlace): string {
  return `${place.class}, ${place.ahead === 0 ? 'next' : `${place.ahead} ahead`}`;
}

const isClass = (name: string): name is AdmissionClass => ADMISSION_CLASSES.some((known) => known === name);

const isLimit = (limit: number): boolean => limit >= 1 && (Number.isInteger(limit) || limit === Infinity);

/**
 * The limit of every class.
 * @throws {RangeError} for what is no class, and for what is no limit
 */
export function limitsOf(limits: AdmissionLimits = {}): Readonly<Record<AdmissionClass, number>> {
  for (const [name, limit] of Object.entries(limits)) {
    if (!isClass(name)) {
      throw new RangeError(
        `admission.${name}: there is no such class; the classes are ${ADMISSION_CLASSES.join(', ')}`,
      );
    }
    if (limit !== undefined && !isLimit(limit)) {
      throw new RangeError(`admission.${name} is ${limit}, and must be a whole number from 1 on, or Infinity`);
    }
  }
  const given = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  return { ...DEFAULT_ADMISSION, ...Object.fromEntries(given) };
}
