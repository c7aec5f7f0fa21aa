import { describe, expect, test } from '@jest/globals';
import type { StepName } from '../../src/domain/step.ts';
import { kernelDriverPaths } from '../../src/oci/kernelDrivers.ts';
import { planSteps } from '../../src/oci/plan.ts';
import { type HostedCase, hostedCases, situationOf } from '../support/hostedCases.ts';

function appliesIn(one: HostedCase): (step: StepName) => boolean {
  const { spec, settings } = situationOf(one);
  const plan = planSteps(spec, settings);
  return (step) => plan.some((planned) => planned.step === step && planned.applies);
}

const effectsOf = ({ expected }: HostedCase): readonly string[] =>
  (expected.effects ?? []).map((one) => JSON.stringify(one));
const countOf = (one: HostedCase, ...words: readonly string[]) =>
  effectsOf(one).filter((effect) => words.some((word) => effect.includes(word))).length;
const successful = (...kinds: readonly string[]) =>
  hostedCases(...kinds)
    .filter(({ expected }) => expected.ok === true)
    .map((one) => [one.name, one] as const);

describe('the plan of a container in a VM says what was done', () => {
  test.each(successful('xenon', 'lcow'))('in %s', (_name, one) => {
    const applies = appliesIn(one);
    const installs = ['installingDrivers', 'reinstallingDrivers'] as const;
    const drivers = kernelDriverPaths(situationOf(one).spec).length * installs.filter(applies).length;
    expect(countOf(one, 'pnputil.exe', '/run/drivers/')).toBe(drivers);
    if (countOf(one, '/VirtualPci/') > 0) expect(applies('assigningDevices')).toBe(true);
    if (countOf(one, 'namespace.create', '"NetworkNamespace"') > 0) expect(applies('networking')).toBe(true);
    if (countOf(one, 'Plan9', '/mounts/m') > 0)
      expect(applies('resolvingMounts') || applies('mountingLayers')).toBe(true);
    expect(applies('creatingCredentials')).toBe(countOf(one, 'service.modify') > 0);
  });
});

describe('the plan of a container with a VM of its own', () => {
  test.each(successful('v1x'))('leaves the layers to HCS in %s', (_name, one) => {
    const applies = appliesIn(one);
    expect(applies('mountingLayers')).toBe(false);
    expect(applies('networking')).toBe(false);
    expect(applies('creatingScratch')).toBe(true);
    expect(countOf(one, 'layer.activate', 'namespace.create')).toBe(0);
  });
});

describe('a step that does not apply says why', () => {
  const planOf = (name: string) => {
    const one = hostedCases('xenon', 'lcow').find((each) => each.name === name);
    if (one === undefined) throw new Error(`there is no case ${name}`);
    const { spec, settings } = situationOf(one);
    return planSteps(spec, settings).flatMap((step) => (step.applies ? [] : `${step.step}: ${step.reason}`));
  };

  test('in a Linux VM', () => {
    expect(planOf('lcow-annotations-passed')).toEqual([
      'installingDrivers: no kernel drivers are asked for',
      'networking: the spec has no windows.network',
      'creatingScratch: the scratch of a Linux container is made by its caller',
      'resolvingMounts: the guest makes all mounts by itself',
      'creatingCredentials: the spec has no credential spec',
      'assigningDevices: the spec has no devices',
      'reinstallingDrivers: no kernel drivers are asked for',
    ]);
    expect(planOf('lcow-drivers')).toContain('reinstallingDrivers: a Linux guest needs its drivers installed once');
  });

  test('in a Windows VM', () => {
    expect(planOf('xenon-device-two-children')).toEqual([
      'installingDrivers: no kernel drivers are asked for',
      'networking: the spec has no windows.network',
      'resolvingMounts: the spec has no mounts',
      'creatingCredentials: the spec has no credential spec',
      'reinstallingDrivers: no kernel drivers are asked for',
    ]);
  });
});
