import { describe, expect, test } from '@jest/globals';
import { formatHresult, meaningOf } from '../../src/hcs/codes.ts';
import { CODES, HRESULT } from '../../src/hcs/codeTable.ts';
import { HostError, isGone } from '../../src/hcs/hostError.ts';

describe('codes', () => {
  test.each([
    [0x80070015, 'ERROR_NOT_READY', 'transient'],
    [-2147024875, 'ERROR_NOT_READY', 'transient'],
    [0x8037010e, 'HCS_E_SYSTEM_NOT_FOUND', 'gone'],
    [-1070137082, 'HCS_E_UNEXPECTED_EXIT', 'permanent'],
    [0xc0370110, 'HCS_E_SYSTEM_ALREADY_STOPPED', 'gone'],
    [3489792023, 'RPC_NT_SERVER_UNAVAILABLE', 'transient'],
    [0x803b002b, 'HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS', 'conflict'],
    [0x80370118, 'HCS_E_OPERATION_TIMEOUT', 'unknown'],
    [0xc0370400, 'ERROR_VSMB_SAVED_STATE_FILE_NOT_FOUND', 'permanent'],
    [0x8badf00d, '0x8BADF00D', 'permanent'],
  ])('%i is %s', (code, name, codeClass) => {
    expect(meaningOf(code)).toMatchObject({ name, class: codeClass });
  });

  test('are written with eight digits, whatever their sign', () => {
    expect([formatHresult(-1070137082), formatHresult(5)]).toEqual(['0xC0370106', '0x00000005']);
  });

  test('each has a name of its own, a meaning and advice', () => {
    for (const [code, { name, meaning, advice }] of CODES) {
      expect({ code, name, meaning, advice }).toEqual({
        code,
        name: expect.stringMatching(/^[A-Z][A-Za-z0-9_]+$/),
        meaning: expect.stringMatching(/\w+ \w+/),
        advice: expect.stringMatching(/\.$/),
      });
    }
    for (const code of Object.values(HRESULT)) expect(CODES.has(code)).toBe(true);
  });
});

test('a HostError says the call, the code in words, and the host’s own words', () => {
  const error = new HostError('layers.prepare', -2147024875, 'disk 3');
  expect(error.message).toBe('layers.prepare: the device is not ready yet (ERROR_NOT_READY, 0x80070015): disk 3');
  expect(error.failure).toEqual({
    call: 'layers.prepare',
    hresult: '0x80070015',
    name: 'ERROR_NOT_READY',
    meaning: 'the device is not ready yet',
    class: 'transient',
    detail: 'disk 3',
  });
  expect([isGone(error), isGone(new HostError('x', HRESULT.elementNotFound)), isGone(new Error('x'))]).toEqual([
    false,
    true,
    false,
  ]);
});
