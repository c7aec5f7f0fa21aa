/** A statechart of XState remembers for ever every type of event that any of its actors was sent. */
import { describe, expect, test } from '@jest/globals';
import type { Provisioner } from '../../src/index.ts';
import { lifeRequest, PROGRAMS } from '../support/lives.ts';
import { faultOf, idle, setUp } from '../support/requests.ts';

type Lead = (provisioner: Provisioner, id: string) => Promise<unknown>;

const requestOf = (id: string) => ({ ...lifeRequest(), id });

const LIVES: Readonly<Record<string, Lead>> = {
  'created and released': async (provisioner, id) =>
    (await provisioner.create(requestOf(id)).result).container.release(),
  'failed, and what was kept released': async (provisioner, id) => {
    const fault = await faultOf(provisioner.create({ ...requestOf(id), keepOnFailure: true }).result);
    await fault.held?.release();
  },
  'started, stopped and deleted': async (provisioner, id) => {
    const { container } = await provisioner.create(requestOf(id)).result;
    await container.start();
    await (await container.exec({ args: ['short'] })).wait();
    await container.shutdown();
    await container.delete();
  },
};

describe('a run of another id is told no new type of event when it is', () => {
  test.each(Object.keys(LIVES))('%s', async (name) => {
    const told: Array<Set<string>> = [];
    const inspect = (event: { readonly type: string; readonly event?: { readonly type: string } }): void => {
      if (event.type === '@xstate.event' && event.event !== undefined) told.at(-1)?.add(event.event.type);
    };
    const { host, provisioner } = await setUp({ processes: PROGRAMS }, { inspect });
    if (name.startsWith('failed')) host.inject({ call: 'compute.create', when: 'before', every: true });
    for (const id of ['first', 'second', 'third']) {
      told.push(new Set());
      await LIVES[name]?.(provisioner, id);
      await idle();
    }
    // The first one makes a scratch, which the others find.
    const [first = new Set(), second = new Set(), third = new Set()] = told;
    expect([...third].filter((type) => !first.has(type) && !second.has(type))).toEqual([]);
    expect(third.size).toBeGreaterThan(10);
  });
});
