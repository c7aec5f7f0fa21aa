/** From what was found to what it means; it asks nothing of a host. */
import { checksOf } from './checks.ts';
import type { Ability, Check, Diagnosis } from './diagnosis.ts';
import { FEATURES, type Feature } from './features.ts';
import type { Examination, HostFindings, Machine } from './findings.ts';

function isMissing({ libraries: { computecore } }: HostFindings, name: string): boolean {
  return computecore.state === 'missing' || computecore.missing.includes(name);
}

function abilityOf({ what, since, needs, otherwise }: Feature, host: HostFindings, build: number): Ability {
  if (build < since) return { what, works: false, because: `from build ${since} on`, otherwise };
  if (needs !== undefined && isMissing(host, needs)) {
    return { what, works: false, because: `computecore.dll has no ${needs}`, otherwise };
  }
  return { what, works: true, because: `since build ${since}` };
}

function abilitiesOf(host: HostFindings): readonly Ability[] {
  if ('refused' in host.build) return [];
  const build = host.build.told;
  return FEATURES.map((feature) => abilityOf(feature, host, build));
}

function absent(sentence: string, checks: readonly Check[] = []): Diagnosis {
  return { verdict: 'absent', sentence, checks, abilities: [] };
}

function examined(machine: Machine, host: HostFindings): Diagnosis {
  const checks = checksOf(machine, host);
  const abilities = abilitiesOf(host);
  if (host.libraries.computecore.state === 'missing') {
    return absent('There is no Host Compute Service on this machine: it has no computecore.dll.', checks);
  }
  const failing = checks.find(({ mark }) => mark === 'fails');
  if (failing !== undefined) {
    return {
      verdict: 'limited',
      sentence: `Containers cannot be made here: see ${failing.subject}.`,
      checks,
      abilities,
    };
  }
  const isLimited = checks.some(({ mark }) => mark !== 'ok') || abilities.some(({ works }) => !works);
  const sentence = isLimited
    ? 'Containers can be made here, with limits.'
    : 'All that slipway needs of a host is here.';
  return { verdict: isLimited ? 'limited' : 'ready', sentence, checks, abilities };
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS' };

/** What an examination means. */
export function diagnose(examination: Examination): Diagnosis {
  const { machine } = examination;
  if (examination.kind === 'examined') return examined(machine, examination.host);
  if (examination.kind === 'elsewhere') {
    const platform = PLATFORMS[machine.platform] ?? machine.platform;
    return absent(`There is no Host Compute Service on this machine: only Windows has it, and this is ${platform}.`);
  }
  const { message, hint } = examination;
  const checks: readonly Check[] = [{ subject: 'ffi', mark: 'fails', found: message, remedy: hint }];
  return { verdict: 'limited', sentence: 'Nothing of this host can be called: see ffi.', checks, abilities: [] };
}
