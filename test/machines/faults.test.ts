/** The faults that the statecharts themselves know: where each happened, and whether another try may help. */
import { describe, expect, test } from '@jest/globals';
import { createActor } from 'xstate';
import type { Fault } from '../../src/index.ts';
import {
  asFault,
  cancelled,
  deadlineExceeded,
  initUnknown,
  interrupted,
  lifeOverdue,
  notInTime,
  serviceDisconnected,
  startLost,
  systemEndedFirst,
  unanswered,
  whereUnknown,
} from '../../src/machines/faults.ts';
import { callbackToBeProvided } from '../../src/machines/toBeProvided.ts';

const told = ({ code, step, transient }: Fault): string => `${code} ${step} ${transient ? 'transient' : 'for good'}`;

test.each([
  ['deadline-exceeded networking transient', deadlineExceeded('networking', 5)],
  ['deadline-exceeded networking transient', unanswered(deadlineExceeded('networking', 5), 'hns.delete')],
  ['interrupted initializing transient', interrupted()],
  ['cancelled networking for good', cancelled('networking', 'enough')],
  ['service-disconnected networking transient', serviceDisconnected('networking')],
  ['deadline-exceeded executing transient', notInTime(5)],
  ['container-stopped executing for good', systemEndedFirst()],
  ['service-disconnected running transient', whereUnknown(5)],
  ['service-disconnected startingContainer transient', startLost()],
  ['container-moved-on pausing for good', initUnknown('pausing')],
  ['deadline-exceeded resuming transient', lifeOverdue('resuming', 5)],
])('%s', (expected, fault) => {
  expect(told(fault)).toBe(expected);
});

describe('what an actor rejected with', () => {
  const fault = interrupted();

  test('is its fault when it is one', () => {
    expect(asFault(fault, 'networking')).toBe(fault);
  });

  const { code, step, hint, ...rest } = fault;
  test.each([
    ['an error', new Error('no')],
    ['a text', 'no'],
    ['nothing', undefined],
    ['null', null],
    ['what has no code', { ...rest, step, hint }],
    ['what has no step', { ...rest, code, hint }],
    ['what has no hint', { ...rest, code, step }],
  ])('is a defect of ours when it is %s', (_, error) => {
    expect(told(asFault(error, 'networking'))).toBe('internal-error networking for good');
  });
});

test('an actor that was to be provided says so by its name', async () => {
  const actor = createActor(callbackToBeProvided<undefined, { readonly type: 'done' }>('watchSystem'));
  const failed = new Promise((resolve) => actor.subscribe({ error: resolve }));
  actor.start();
  expect(String(await failed)).toContain("the actor 'watchSystem' was not provided");
});
