import { expect, test } from '@jest/globals';
import { storm } from './storm/storm.ts';

const SEED = Number(process.env.SLIPWAY_SEED ?? 20261126);

test('in a storm of faults, cancels and ten kills nothing leaks, and every pod runs or says why not', async () => {
  const result = await storm({ seed: SEED, kills: 10, pods: 12 });
  const { silent, leaks, touched, kills, faults, takenUp, ends } = result;
  expect({ seed: SEED, silent, leaks, touched }).toEqual({ seed: SEED, silent: [], leaks: [], touched: [] });
  expect(kills).toBe(10);
  // It was a storm: calls have failed, and what a dead process had left was taken up.
  expect(faults.before + faults.after + faults.never + faults.neverAfterEffect).toBeGreaterThan(10);
  expect(takenUp).toBeGreaterThan(0);
  expect(ends).toMatchObject({ 'failed (container-id-taken)': 1 });
}, 300_000);
