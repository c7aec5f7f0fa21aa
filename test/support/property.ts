/**
 * fast-check with one seed for all properties, so that a run can be repeated. `SLIPWAY_SEED` names another one, or
 * `random` for one that nobody has seen; `SLIPWAY_PATH`, with the seed, the one case that a failure has told of.
 */
import fc from 'fast-check';

const { SLIPWAY_SEED: seed = '20261126', SLIPWAY_PATH: path } = process.env;
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed), ...(path === undefined ? {} : { path }) });

export { fc };
