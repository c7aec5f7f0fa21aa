import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/cli/explain.ts';
import { BadInput } from '../../src/cli/input.ts';
import { FAULT_CODES } from '../../src/domain/faultCodes.ts';
import { ROOT, slipway } from '../support/slipway.ts';

/** What the headers of Windows call each code, written out by hand; none of it comes from the table under test. */
const NAMES: ReadonlyArray<readonly [code: number, name: string]> = [
  // HCS, as the V2 API gives them
  [0x80370100, 'HCS_E_TERMINATED_DURING_START'],
  [0x80370101, 'HCS_E_IMAGE_MISMATCH'],
  [0x80370102, 'HCS_E_HYPERV_NOT_INSTALLED'],
  [0x80370105, 'HCS_E_INVALID_STATE'],
  [0x80370109, 'HCS_E_CONNECTION_TIMEOUT'],
  [0x8037010d, 'HCS_E_INVALID_JSON'],
  [0x8037010e, 'HCS_E_SYSTEM_NOT_FOUND'],
  [0x8037010f, 'HCS_E_SYSTEM_ALREADY_EXISTS'],
  [0x80370110, 'HCS_E_SYSTEM_ALREADY_STOPPED'],
  [0x80370117, 'HCS_E_OPERATION_PENDING'],
  [0x80370118, 'HCS_E_OPERATION_TIMEOUT'],
  [0x8037011b, 'HCS_E_ACCESS_DENIED'],
  [0x8037011e, 'HCS_E_SERVICE_DISCONNECT'],
  [0x80370121, 'HCS_E_OPERATION_ALREADY_CANCELLED'],
  // HCS, as V1 and most logs have them
  [0xc0370101, 'HCS_E_IMAGE_MISMATCH'],
  [0xc0370103, 'ERROR_VMCOMPUTE_OPERATION_PENDING'],
  [0xc0370104, 'ERROR_VMCOMPUTE_TOO_MANY_NOTIFICATIONS'],
  [0xc0370106, 'HCS_E_UNEXPECTED_EXIT'],
  [0xc037010e, 'HCS_E_SYSTEM_NOT_FOUND'],
  [0xc037010f, 'HCS_E_SYSTEM_ALREADY_EXISTS'],
  [0xc0370113, 'HCS_E_WINDOWS_INSIDER_REQUIRED'],
  [0xc0370400, 'ERROR_VSMB_SAVED_STATE_FILE_NOT_FOUND'],
  [0xd037010c, 'HCS_E_UNSUPPORTED_PROTOCOL_VERSION'],
  // HCN, of the host and of the guest
  [0x803b0001, 'HCN_E_NETWORK_NOT_FOUND'],
  [0x803b0002, 'HCN_E_ENDPOINT_NOT_FOUND'],
  [0x803b000a, 'HCN_E_INVALID_NETWORK'],
  [0x803b0014, 'HCN_E_ENDPOINT_ALREADY_ATTACHED'],
  [0x803b0019, 'HCN_E_GUID_CONVERSION_FAILURE'],
  [0x803b0020, 'HCN_E_MANAGER_STOPPED'],
  [0x803b0021, 'GCN_E_MODULE_NOT_FOUND'],
  [0x803b0023, 'GCN_E_REQUEST_UNSUPPORTED'],
  [0x803b0029, 'GCN_E_DEFAULTNAMESPACE_EXISTS'],
  [0x803b002b, 'HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS'],
  [0x803b002c, 'HCN_E_ENTITY_HAS_REFERENCES'],
  [0x803b002f, 'HCN_E_ADDR_INVALID_OR_RESERVED'],
  [0x803b0034, 'HCN_E_ENDPOINT_NOT_ATTACHED'],
  [0x803b0037, 'HCN_E_VFP_NOT_ALLOWED'],
  // Win32 and its neighbours in an HRESULT
  [0x80070002, 'ERROR_FILE_NOT_FOUND'],
  [0x80070005, 'ERROR_ACCESS_DENIED'],
  [0x80070015, 'ERROR_NOT_READY'],
  [0x80070020, 'ERROR_SHARING_VIOLATION'],
  [0x800700b7, 'ERROR_ALREADY_EXISTS'],
  [0x8007048f, 'ERROR_DEVICE_NOT_CONNECTED'],
  [0x80070490, 'ERROR_NOT_FOUND'],
  [0x8007052e, 'ERROR_LOGON_FAILURE'],
  [0x800705aa, 'ERROR_NO_SYSTEM_RESOURCES'],
  [0x800705b4, 'ERROR_TIMEOUT'],
  [0x800706ba, 'RPC_S_SERVER_UNAVAILABLE'],
  [0x80004001, 'E_NOTIMPL'],
  [0x801f0015, 'ERROR_FLT_INSTANCE_NOT_FOUND'],
  // NTSTATUS, bare and with the bit that makes an HRESULT of it
  [0xc0000022, 'STATUS_ACCESS_DENIED'],
  [0xd0000022, 'STATUS_ACCESS_DENIED'],
  [0xc0000043, 'STATUS_SHARING_VIOLATION'],
  [0xd0000043, 'STATUS_SHARING_VIOLATION'],
  [0xc000009a, 'STATUS_INSUFFICIENT_RESOURCES'],
  [0xd000009a, 'STATUS_INSUFFICIENT_RESOURCES'],
  [0xd00000a7, 'STATUS_BAD_VALIDATION_CLASS'],
  [0xc0000135, 'STATUS_DLL_NOT_FOUND'],
  [0xc0020017, 'RPC_NT_SERVER_UNAVAILABLE'],
  [0xd0020017, 'RPC_NT_SERVER_UNAVAILABLE'],
];

/** Errors of Win32 as logs print them, without their HRESULT. */
const BARE: ReadonlyArray<readonly [value: number, name: string]> = [
  [2, 'ERROR_FILE_NOT_FOUND'],
  [5, 'ERROR_ACCESS_DENIED'],
  [21, 'ERROR_NOT_READY'],
  [32, 'ERROR_SHARING_VIOLATION'],
  [87, 'ERROR_INVALID_PARAMETER'],
  [1168, 'ERROR_NOT_FOUND'],
  [1326, 'ERROR_LOGON_FAILURE'],
  [1450, 'ERROR_NO_SYSTEM_RESOURCES'],
  [1722, 'RPC_S_SERVER_UNAVAILABLE'],
];

function answer(text: string): { exit: number; [field: string]: unknown } {
  const lines: string[] = [];
  const exit = explain(text, true, (line) => lines.push(line));
  return { exit, ...Object(JSON.parse(lines.join(''))) };
}

/** Every way to write `value` that marks hexadecimal, and both decimal ones. */
function spellings(value: number): readonly string[] {
  const hex = value.toString(16);
  const signed = value >= 2 ** 31 ? [String(value - 2 ** 32)] : [];
  const marked = [hex, hex.toUpperCase()].flatMap((digits) => [
    `0x${digits}`,
    `0X${digits}`,
    `${digits}h`,
    `${digits}H`,
  ]);
  return [...marked, String(value), ...signed];
}

describe('slipway explain', () => {
  test.each(NAMES)('knows %i as %s, however it is written', (code, name) => {
    const hex = code.toString(16);
    for (const text of [...spellings(code), hex, hex.toUpperCase(), ` 0x${hex} `]) {
      expect([text, answer(text)]).toMatchObject([
        text,
        { exit: 0, known: true, name, hresult: `0x${hex.toUpperCase()}` },
      ]);
    }
  });

  test('each of these codes gives one answer, whatever its spelling', () => {
    for (const [code] of NAMES) {
      const answers = new Set(spellings(code).map((text) => JSON.stringify(answer(text))));
      expect([code, answers.size]).toEqual([code, 1]);
    }
  });

  test.each(BARE)('reads %i as an error of Win32, and says so', (value, name) => {
    for (const text of spellings(value)) {
      expect([text, answer(text)]).toMatchObject([text, { exit: 0, name, readAs: `error ${value} of Win32` }]);
    }
  });

  test('takes names, in whatever case, also those of V1 and of COM', () => {
    for (const [, name] of NAMES) expect(answer(name)).toMatchObject({ exit: 0, name });
    expect(answer('hcs_e_system_not_found')).toMatchObject({ hresult: '0x8037010E', name: 'HCS_E_SYSTEM_NOT_FOUND' });
    expect(answer('ERROR_VMCOMPUTE_UNEXPECTED_EXIT')).toMatchObject({ name: 'HCS_E_UNEXPECTED_EXIT' });
    expect(answer('E_INVALIDARG')).toMatchObject({ hresult: '0x80070057', name: 'ERROR_INVALID_PARAMETER' });
  });

  test.each([
    ['HCS_E_SYSTEM_NOT_FOND', 'Did you mean HCS_E_SYSTEM_NOT_FOUND,'],
    ['not_ready', 'Did you mean ERROR_NOT_READY, STATUS_DEVICE_NOT_READY?'],
    ['pizza', 'Write it as 0x80370110'],
    ['0x803701100', 'Write it as 0x80370110'],
    ['-2147483649', 'Write it as 0x80370110'],
    ['4294967296', 'Write it as 0x80370110'],
    ['1.5', 'Write it as 0x80370110'],
    ['E', 'Write it as 0x80370110'],
    ['', 'Write it as 0x80370110'],
  ])('refuses %j with a hint', (text, hint) => {
    const refusal = { code: 'code-unreadable', hint: expect.stringContaining(hint) };
    expect(() => answer(text)).toThrow(BadInput);
    expect(() => answer(text)).toThrow(expect.objectContaining(refusal));
  });

  test('digits alone are decimal, except eight that begin with 8', () => {
    expect(answer('80370110')).toMatchObject({ hresult: '0x80370110', readAs: 'hexadecimal' });
    expect(answer('70000000')).toMatchObject({ hresult: '0x042C1D80', known: false, exit: 1 });
    expect(answer('2151088400')).toMatchObject({ hresult: '0x80370110' });
    expect(answer('5aa')).toMatchObject({ hresult: '0x800705AA', readAs: 'error 1450 of Win32' });
  });

  test('names the family also of a code that it does not know', () => {
    const families = ['0x80370fff', '0xc0370fff', '0x803b0fff', '0x80077777', '0xc0777777', '0xd0777777', '0x8badf00d'];
    expect(families.map((text) => [answer(text).exit, answer(text).family])).toEqual([
      [1, 'HCS'],
      [1, 'HCS'],
      [1, 'HCN'],
      [1, 'Win32'],
      [1, 'NTSTATUS'],
      [1, 'NTSTATUS'],
      [1, 'HRESULT'],
    ]);
  });

  test('a negative number needs no -- before it', async () => {
    for (const args of [['-1070137082'], ['--', '-1070137082'], ['-1070137082', '--json']]) {
      const { code, out } = await slipway(['explain', ...args]);
      expect([args, code, out]).toEqual([args, 0, expect.stringContaining('HCS_E_UNEXPECTED_EXIT')]);
    }
  });

  test('its help says how an ambiguous code is read', async () => {
    const { out } = await slipway(['explain', '--help']);
    expect(out).toContain('only eight of them that begin with 8 are read as hexadecimal');
    expect(out).toContain('A number of 16 bits is an error of Win32');
  });
});

describe('a code of our own', () => {
  test.each(Object.entries(FAULT_CODES))('%s is explained by its meaning', (code, meaning) => {
    expect(answer(code)).toEqual({ exit: 0, code, family: 'slipway', known: true, ...meaning });
  });

  test('in words, it says where it comes from and what to do', async () => {
    const { code, out } = await slipway(['explain', 'scratch-in-use']);
    expect(code).toBe(0);
    expect(out).toContain('mountingLayers');
    expect(out).toContain('give each container a scratch of its own');
  });
});

test('slipway --version is that of the package', async () => {
  const { version } = Object(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  expect((await slipway(['--version'])).out).toBe(`${version}\n`);
});
