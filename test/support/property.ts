/**
 * fast-check with one seed for all properties, so that a run can be repeated. `SLIPWAY_SEED` names another one, or
 * `random` for one that nobody has seen.
 */
import fc from 'fast-check';

const seed = process.env.SLIPWAY_SEED ?? '20261126';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });

export { fc };
