import { describe, expect, test } from '@jest/globals';
import { from, lastValueFrom } from 'rxjs';
import { createProvisioner } from '../../src/index.ts';
import { simulatedHost, virtualClock } from '../../src/testing/index.ts';
import { fullRequest, hostOptions, idle, setUp } from '../support/requests.ts';

/** Time passes only when a test says so. */
async function setUpByHand() {
  const clock = virtualClock();
  const host = simulatedHost({ ...hostOptions(), clock });
  return { clock, host, provisioner: await createProvisioner({ host, clock, deadlines: { networking: 500 } }) };
}

describe('why()', () => {
  test('names the call that a step waits for, and its deadline', async () => {
    const { clock, host, provisioner } = await setUpByHand();
    host.inject({ call: 'network.createNamespace', when: 'never' });
    const provision = provisioner.create(fullRequest());
    await idle();
    clock.advance(100);
    const { what, ...times } = provision.why();
    expect(what).toMatch(/^networking waits for network\.createNamespace \(namespace [0-9a-f-]+\)$/);
    expect(times).toEqual({ for: 'call', sinceMs: 0, untilMs: 500 });
    void provision.cancel('enough');
    expect(provision.why()).toMatchObject({
      what: expect.stringContaining('was asked to stop'),
      untilMs: 100 + 10_000,
    });
    clock.advance(10_000);
    await idle();
    expect(provision.why()).toMatchObject({ for: 'decision', what: expect.stringContaining('something is left') });
    host.answerPending();
    await idle();
    expect(provision.why().for).toBe('nothing');
  });

  test('names the pause before a retry, a release, and what waits for a word', async () => {
    const { clock, host, provisioner } = await setUpByHand();
    host.inject({ call: 'layers.activate', when: 'before', hresult: 0x80070015 });
    const provision = provisioner.create(fullRequest());
    await idle();
    expect(provision.why()).toEqual({
      for: 'pause',
      what: 'mountingLayers waits before its next try',
      sinceMs: 0,
      untilMs: 100,
    });
    clock.advance(100);
    const { container } = await provision.result;
    expect(provision.why()).toMatchObject({ for: 'decision', sinceMs: 100 });
    host.inject({ call: 'layers.unprepare', when: 'never' });
    void container.release();
    await idle();
    expect(provision.why()).toMatchObject({
      for: 'call',
      what: expect.stringContaining('layers.unprepare'),
      untilMs: 120_100,
    });
    host.answerPending();
    await idle();
    expect(provision.why()).toMatchObject({ for: 'nothing' });
  });
});

describe('streams', () => {
  test('can be iterated: every event, and the newest state', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create(fullRequest());
    const numbers: number[] = [];
    for await (const { sequence } of provision.events$) {
      numbers.push(sequence);
      if (sequence % 10 === 0) await idle(3);
    }
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const states: string[] = [];
    for await (const { status } of provision.state$) states.push(status);
    expect(states).toEqual(['provisioned']);
  });

  test('a slow reader of states gets the newest one', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create(fullRequest());
    const paths: string[] = [];
    for await (const { path } of provision.state$) {
      paths.push(path);
      await provision.result;
    }
    expect(paths).toEqual(['initializing.inTime', 'provisioned']);
  });

  test('leaving the loop unsubscribes, and other libraries can take a stream', async () => {
    const { provisioner } = await setUp();
    const provision = provisioner.create(fullRequest());
    for await (const _ of provision.events$) break;
    const interop: object = provision.state$;
    expect(Object.getOwnPropertySymbols(Object.getPrototypeOf(interop)).includes(Symbol.asyncIterator)).toBe(true);
    expect('@@observable' in interop || 'observable' in Symbol).toBe(true);
    expect((await lastValueFrom(from(provision.state$))).status).toBe('provisioned');
  });
});
