import { describe, expect, test } from '@jest/globals';
import { codeNamed, familyOf, formatHresult, isKnown, meaningOf } from '../../src/hcs/codes.ts';

/** HCS_E_*, from 0x0100 on; those that only V1 has are in brackets. */
const HCS = `TERMINATED_DURING_START IMAGE_MISMATCH HYPERV_NOT_INSTALLED (OPERATION_PENDING) (TOO_MANY_NOTIFICATIONS)
  INVALID_STATE UNEXPECTED_EXIT TERMINATED CONNECT_FAILED CONNECTION_TIMEOUT CONNECTION_CLOSED UNKNOWN_MESSAGE
  UNSUPPORTED_PROTOCOL_VERSION INVALID_JSON SYSTEM_NOT_FOUND SYSTEM_ALREADY_EXISTS SYSTEM_ALREADY_STOPPED PROTOCOL_ERROR
  INVALID_LAYER WINDOWS_INSIDER_REQUIRED SERVICE_NOT_AVAILABLE OPERATION_NOT_STARTED OPERATION_ALREADY_STARTED
  OPERATION_PENDING OPERATION_TIMEOUT OPERATION_SYSTEM_CALLBACK_ALREADY_SET OPERATION_RESULT_ALLOCATION_FAILED
  ACCESS_DENIED GUEST_CRITICAL_ERROR PROCESS_INFO_NOT_AVAILABLE SERVICE_DISCONNECT PROCESS_ALREADY_STOPPED
  SYSTEM_NOT_CONFIGURED_FOR_OPERATION OPERATION_ALREADY_CANCELLED`.split(/\s+/);

/** HCN_E_* and, from 0x21 to 0x29, GCN_E_*; from 0x0001 on. */
const HCN = `NETWORK_NOT_FOUND ENDPOINT_NOT_FOUND LAYER_NOT_FOUND SWITCH_NOT_FOUND SUBNET_NOT_FOUND ADAPTER_NOT_FOUND
  PORT_NOT_FOUND POLICY_NOT_FOUND VFP_PORTSETTING_NOT_FOUND INVALID_NETWORK INVALID_NETWORK_TYPE INVALID_ENDPOINT
  INVALID_POLICY INVALID_POLICY_TYPE INVALID_REMOTE_ENDPOINT_OPERATION NETWORK_ALREADY_EXISTS LAYER_ALREADY_EXISTS
  POLICY_ALREADY_EXISTS PORT_ALREADY_EXISTS ENDPOINT_ALREADY_ATTACHED REQUEST_UNSUPPORTED MAPPING_NOT_SUPPORTED
  DEGRADED_OPERATION SHARED_SWITCH_MODIFICATION GUID_CONVERSION_FAILURE REGKEY_FAILURE INVALID_JSON
  INVALID_JSON_REFERENCE ENDPOINT_SHARING_DISABLED INVALID_IP SWITCH_EXTENSION_NOT_FOUND MANAGER_STOPPED
  MODULE_NOT_FOUND NO_REQUEST_HANDLERS REQUEST_UNSUPPORTED RUNTIMEKEYS_FAILED NETADAPTER_TIMEOUT NETADAPTER_NOT_FOUND
  NETCOMPARTMENT_NOT_FOUND NETINTERFACE_NOT_FOUND DEFAULTNAMESPACE_EXISTS ICS_DISABLED
  ENDPOINT_NAMESPACE_ALREADY_EXISTS ENTITY_HAS_REFERENCES INVALID_INTERNAL_PORT NAMESPACE_ATTACH_FAILED
  ADDR_INVALID_OR_RESERVED INVALID_PREFIX OBJECT_USED_AFTER_UNLOAD INVALID_SUBNET INVALID_IP_SUBNET
  ENDPOINT_NOT_ATTACHED ENDPOINT_NOT_LOCAL INTERFACEPARAMETERS_ALREADY_APPLIED VFP_NOT_ALLOWED`.split(/\s+/);

describe('the codes of HCS', () => {
  test('from 0x0100 to 0x0121 have their names, in both families', () => {
    expect(HCS).toHaveLength(0x22);
    for (const [index, name] of HCS.entries()) {
      const isOfV1 = name.startsWith('(');
      const wanted = isOfV1 ? `ERROR_VMCOMPUTE_${name.slice(1, -1)}` : `HCS_E_${name}`;
      const [v1, v2] = [0xc0370100 + index, 0x80370100 + index];
      expect([v1, v2, v1 | 0].map((code) => [formatHresult(code), meaningOf(code).name, familyOf(code)])).toEqual([
        [formatHresult(v1), wanted, 'HCS'],
        [formatHresult(v2), wanted, 'HCS'],
        [formatHresult(v1), wanted, 'HCS'],
      ]);
      expect(codeNamed(wanted)).toBe(isOfV1 ? v1 : v2);
    }
  });

  test('are found by the names of V1', () => {
    for (const [index, name] of HCS.entries()) {
      if (name.startsWith('(') || name === 'OPERATION_PENDING') continue;
      expect([name, codeNamed(`ERROR_VMCOMPUTE_${name}`)]).toEqual([name, 0x80370100 + index]);
    }
    expect(codeNamed('ERROR_VMCOMPUTE_TIMEOUT')).toBe(0x80370109);
    expect(codeNamed('ERROR_VMCOMPUTE_OPERATION_PENDING')).toBe(0xc0370103);
  });
});

test('the codes of HCN from 0x0001 to 0x0037 have their names', () => {
  expect(HCN).toHaveLength(0x37);
  const names = HCN.map((name, index) => `${index + 1 >= 0x21 && index + 1 <= 0x29 ? 'GCN' : 'HCN'}_E_${name}`);
  expect(HCN.map((_, index) => meaningOf(0x803b0001 + index).name)).toEqual(names);
  expect(names.map((name) => codeNamed(name))).toEqual(HCN.map((_, index) => 0x803b0001 + index));
});

test('what decides over a retry or a release is of the right class', () => {
  const classes = Object.fromEntries(
    [
      0x80370109, 0x8037010e, 0x8037010f, 0x80370110, 0x80370118, 0x8037011a, 0x8037011e, 0x8037011f, 0x803b0001,
      0x803b0002, 0x803b0034, 0x803b002b, 0x80070015, 0x8007048f, 0x80070490, 0x801f0015, 0x800706ba, 0x800705b4,
      0xd0020017,
    ].map((code) => [formatHresult(code), meaningOf(code).class]),
  );
  expect(classes).toEqual({
    '0x80370109': 'unknown',
    '0x8037010E': 'gone',
    '0x8037010F': 'conflict',
    '0x80370110': 'gone',
    '0x80370118': 'unknown',
    '0x8037011A': 'unknown',
    '0x8037011E': 'unknown',
    '0x8037011F': 'gone',
    '0x803B0001': 'gone',
    '0x803B0002': 'gone',
    '0x803B0034': 'gone',
    '0x803B002B': 'conflict',
    '0x80070015': 'transient',
    '0x8007048F': 'transient',
    '0x80070490': 'gone',
    '0x801F0015': 'gone',
    '0x800706BA': 'transient',
    '0x800705B4': 'unknown',
    '0xD0020017': 'transient',
  });
});

test.each([2, 3, 5, 6, 13, 21, 32, 50, 87, 170, 183, 740, 1077, 1167, 1168, 1326, 1450, 1460, 1722, 1723, 1726, 1753])(
  'error %i of Win32 is known as an HRESULT',
  (code) => {
    expect(isKnown(0x80070000 + code)).toBe(true);
  },
);
