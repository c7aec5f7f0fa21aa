import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { errorCodeOf, reportOf } from '../../src/hcs/native/resultError.ts';
import { exitOf } from '../../src/hcs/native/systemEvents.ts';

const PROVIDER = '17103e3f-3c6e-4677-bb17-3b267eb5be57';

describe('a ResultError', () => {
  test('keeps the message, the events and whom HCS blames', () => {
    const document = {
      Error: -2143878899,
      ErrorMessage: 'The virtual machine or container JSON document is invalid.',
      ErrorEvents: [
        {
          Message: "Invalid JSON document '$.VirtualMachine.Chipset'",
          Provider: PROVIDER,
          EventId: 4000,
          Flags: 0,
          Source: 'onecore\\vm\\compute.cpp',
          Data: [
            { Type: 'String', Value: 'pod-1-vm' },
            { Type: 'UInt32', Value: 7 },
          ],
        },
        { EventId: 12 },
        { Flags: 1 },
      ],
      Attribution: [
        { SystemExit: { Detail: 'Terminate', Initiator: 'Client' } },
        { WorkerExit: { ExitCode: 5, Type: 'Crash' } },
        { TripleFault: {} },
      ],
    };
    expect(reportOf(JSON.stringify(document))).toEqual({
      detail: 'The virtual machine or container JSON document is invalid.',
      events: [
        {
          message: "Invalid JSON document '$.VirtualMachine.Chipset'",
          provider: PROVIDER,
          eventId: 4000,
          source: 'onecore\\vm\\compute.cpp',
          data: ['pod-1-vm', '7'],
        },
        { message: 'event 12', eventId: 12 },
      ],
      attribution: [
        'the system ended: Terminate, by Client',
        'the worker process of the VM ended: Crash, exit code 5',
        'a triple fault in the guest',
      ],
    });
    expect(errorCodeOf(JSON.stringify(document))).toBe(-2143878899);
  });

  test('tells nothing of the documents that are in it', () => {
    const secret = JSON.stringify({ Environment: { PASSWORD: 'hunter2' } });
    const text = JSON.stringify({
      ErrorMessage: `bad document ${secret}`,
      ErrorEvents: [{ Message: `in ${secret} at {${PROVIDER}}`, Data: [{ Value: secret }, { Value: `["hunter2"]` }] }],
    });
    const report = reportOf(text);
    expect(JSON.stringify(report)).not.toContain('hunter2');
    expect(report.detail).toBe('bad document {…}');
    expect(report.events?.[0]?.data).toEqual(['{…}', '{…}']);
    expect(reportOf(`cut off in ${secret.slice(0, -3)}`)).toEqual({ detail: 'cut off in {…}' });
  });

  test('that is none is kept as text, and no document says nothing', () => {
    expect(reportOf('the service is busy')).toEqual({ detail: 'the service is busy' });
    expect(reportOf(undefined)).toEqual({});
    expect(reportOf(' ')).toEqual({});
    expect(reportOf('17')).toEqual({ detail: '17' });
    expect(errorCodeOf('nonsense')).toBeUndefined();
  });

  test('of whatever shape never throws', () => {
    const fields = fc.record(
      { Error: fc.anything(), ErrorMessage: fc.anything(), ErrorEvents: fc.anything(), Attribution: fc.anything() },
      { requiredKeys: [] },
    );
    const events = fc.record({ ErrorEvents: fc.array(fc.anything()), Attribution: fc.array(fc.anything()) });
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fields, events), (value) => {
        const document = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
        expect(typeof reportOf(document)).toBe('object');
        expect(typeof exitOf(document)).toBe('object');
      }),
    );
  });
});

test('a SystemExitStatus says how the system ended', () => {
  const document = JSON.stringify({
    Status: 0,
    ExitType: 'UnexpectedExit',
    Attribution: [{ GuestCrash: {} }],
  });
  expect(exitOf(document)).toEqual({ Status: 0, ExitType: 'UnexpectedExit' });
  expect(exitOf('nonsense')).toEqual({ Status: 0, ExitType: 'Unknown' });
});
