import { describe, expect, test } from '@jest/globals';
import { isFollowUp, validateRequest } from '../../src/oci/validate.ts';
import { type HostedCase, hostedCases, situationOf } from '../support/hostedCases.ts';

/** What only the host can tell, when the step is there. */
const KNOWN_BY_THE_HOST = [
  'driver-install-failed',
  'namespace-not-found',
  'no-free-slot',
  'sandbox-directory-failed',
] as const;

function codesOf(one: HostedCase): readonly string[] {
  const { malformed, ...input } = situationOf(one);
  const { findings } = validateRequest(input);
  const all = [...malformed, ...findings.filter((finding) => !isFollowUp(finding, malformed))];
  return all.map(({ code }) => code);
}

const causesOf = ({ expected }: HostedCase): readonly string[] => expected.causes ?? [];
const isKnownByTheHost = (one: HostedCase) =>
  causesOf(one).some((cause) => (KNOWN_BY_THE_HOST as readonly string[]).includes(cause));
const named = (cases: readonly HostedCase[]) => cases.map((one) => [one.name, one] as const);

const all = hostedCases('xenon', 'lcow', 'v1x');
const failing = all.filter(({ expected }) => expected.ok !== true);
const successful = all.filter(({ expected }) => expected.ok === true);

describe('a recorded request that fails is refused for the same cause', () => {
  test.each(named(failing.filter((one) => !isKnownByTheHost(one))))('%s', (_name, one) => {
    const codes = codesOf(one);
    expect(causesOf(one).filter((cause) => codes.includes(cause))).not.toEqual([]);
  });
});

describe('a recorded request that only the host can refuse is not refused before', () => {
  test.each(named(failing.filter(isKnownByTheHost)))('%s', (_name, one) => {
    expect(codesOf(one)).toEqual([]);
  });
});

describe('a recorded request that is carried out is not refused', () => {
  test.each(named(successful.filter(({ expected }) => expected.mayRefuse === undefined)))('%s', (_name, one) => {
    expect(codesOf(one)).toEqual([]);
  });

  test.each(named(successful.filter(({ expected }) => expected.mayRefuse !== undefined)))(
    '%s, which names a disk that is not there, is (rule refused)',
    (_name, one) => {
      expect(codesOf(one)).toEqual(['mount-source-missing']);
    },
  );
});
