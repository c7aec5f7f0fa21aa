import { describe, expect, test } from '@jest/globals';
import type { ModifySettingRequest } from '../../src/domain/modifyRequest.ts';
import type { VmAttachments } from '../../src/vm/attachments.ts';
import { detachHolder } from '../../src/vm/detachHolder.ts';
import { type Case, loadCases } from '../conformance/case.ts';
import { withoutNumbers } from './holding.ts';
import { type Answer, replayAdd, replayRemove } from './recorded.ts';
import { HOLDER, SECOND_MOUNT, startOf, type VmCase } from './vmCase.ts';

const FOLDER = new URL('../conformance/cases', import.meta.url).pathname;
const cases = loadCases(FOLDER).filter(
  ({ kind, expected }) => (kind === 'xenon' || kind === 'lcow') && expected.ok === true,
) as readonly Case[] as readonly VmCase[];

interface Replay {
  readonly recorded: readonly ModifySettingRequest[];
  readonly sent: readonly ModifySettingRequest[];
  readonly attachments: VmAttachments;
}

function requestsIn(effects: VmCase['expected']['effects']): readonly ModifySettingRequest[] {
  return (effects ?? []).flatMap((one) =>
    one.effect === 'system.modify' ? [one.request as ModifySettingRequest] : [],
  );
}

/** Rule `lcow-nic-id`: hcsshim removes a NIC from a Linux guest under an id that the guest never had. */
function withNicId(request: ModifySettingRequest): ModifySettingRequest {
  const [, , kind, ID] = request.ResourcePath?.split('/') ?? [];
  const { GuestRequest } = request;
  if (kind !== 'NetworkAdapters' || GuestRequest?.ResourceType === undefined) return request;
  return { ...request, GuestRequest: { ...GuestRequest, Settings: { ...GuestRequest.Settings, ID } } };
}

/** Rule `shared-scratch-root`: hcsshim takes layers apart at a root where they never were combined. */
function isOfNoRoot(request: ModifySettingRequest, { combinedLayers }: VmAttachments): boolean {
  const root = (request.GuestRequest?.Settings as { ContainerRootPath?: string } | undefined)?.ContainerRootPath;
  return root !== undefined && !combinedLayers.some(({ rootPath }) => rootPath === root);
}

/** The same value with its keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** A request that another one of ours brought along (a NIC comes with two) is not replayed again. */
function replay(
  start: VmAttachments,
  recorded: readonly ModifySettingRequest[],
  step: (attachments: VmAttachments, request: ModifySettingRequest) => Answer,
): Replay {
  let attachments = start;
  const sent: ModifySettingRequest[] = [];
  for (const [index, request] of recorded.entries()) {
    if (index < sent.length) continue;
    const answer = step(attachments, request);
    attachments = answer.attachments;
    sent.push(...answer.modify);
  }
  return { recorded, sent, attachments };
}

describe('the requests of recorded cases', () => {
  test('are there, of both guests', () => {
    expect(cases.filter(({ kind }) => kind === 'xenon').length).toBeGreaterThan(50);
    expect(cases.filter(({ kind }) => kind === 'lcow').length).toBeGreaterThan(50);
  });

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const start = startOf(one);
    const create = replay(start, requestsIn(one.expected.effects), (state, request) => replayAdd(one, state, request));
    expect(create.sent).toEqual(create.recorded);

    const removes = requestsIn(one.expected.releaseEffects).filter((each) => !isOfNoRoot(each, create.attachments));
    const release = replay(create.attachments, removes.map(withNicId), replayRemove);
    expect(release.sent).toEqual(release.recorded);

    const { attachments: once } = detachHolder(release.attachments, HOLDER);
    const { attachments: after } = detachHolder(once, SECOND_MOUNT);
    expect(withoutNumbers(after)).toEqual(withoutNumbers(start));
  });
});

describe('a recorded case that was changed by hand', () => {
  const text = (name: string) => JSON.stringify(cases.find((one) => one.name === name)?.expected.effects);
  const isReproduced = (name: string, from: string, to: string): boolean => {
    const one = cases.find((each) => each.name === name);
    if (one === undefined || !text(name).includes(from)) throw new Error(`${name} has no ${from}`);
    const recorded = requestsIn(JSON.parse(text(name).replaceAll(from, to)) as VmCase['expected']['effects']);
    const { sent } = replay(startOf(one), recorded, (state, request) => replayAdd(one, state, request));
    return JSON.stringify(sent.map(sorted)) === JSON.stringify(recorded.map(sorted));
  };

  test.each([
    ['xenon-mounts-and-devices', '"Name":"s3"', '"Name":"s4"'],
    ['xenon-mounts-and-devices', '"PseudoOplocks":true', '"PseudoOplocks":false'],
    ['xenon-mounts-and-devices', 'Attachments/2', 'Attachments/3'],
    ['xenon-mounts-and-devices', '"Lun":2', '"Lun":3'],
    ['lcow-everything', '/Mappings/1048576', '/Mappings/2097152'],
    ['lcow-everything', '"DeviceSizeInBytes":16384', '"DeviceSizeInBytes":12800'],
    ['lcow-everything', '"Flags":133', '"Flags":5'],
    ['lcow-everything', '"ResourceType":"VPCIDevice"', '"ResourceType":"VPCI"'],
    ['lcow-everything', '"EndpointId"', '"Endpoint"'],
  ])('%s is not reproduced when %s becomes %s', (name, from, to) => {
    expect([isReproduced(name, from, from), isReproduced(name, from, to)]).toEqual([true, false]);
  });
});
