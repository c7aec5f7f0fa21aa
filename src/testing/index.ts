/// <reference types="node" preserve="true" />
export { type VirtualClock, virtualClock } from '../hcs/simulated/clock.ts';
export {
  CALLS,
  type CallName,
  type CallRecord,
  type FaultMoment,
  type InjectedFault,
} from '../hcs/simulated/faults.ts';
export { KeptHostUnreadable, keptSimulatedHost } from '../hcs/simulated/kept/keptHost.ts';
export type {
  ProcessInput,
  ProcessOutput,
  Program,
  ProgramContext,
  ProgramRule,
} from '../hcs/simulated/processes/program.ts';
export type { ProcessRule, SignalReaction } from '../hcs/simulated/processes/rules.ts';
export type { Signal } from '../hcs/simulated/processes/signals.ts';
export type { CutOff, ServiceDeath } from '../hcs/simulated/service.ts';
export {
  type SimulatedHost,
  type SimulatedHostOptions,
  type SimulatedProcess,
  simulatedHost,
} from '../hcs/simulated/simulatedHost.ts';
export { difference, type SnapshotDifference } from '../hcs/simulated/snapshot.ts';
export type { Effect, HostDescription, SimulatedHostFile } from '../hcs/simulated/state.ts';
export type { ExecRule } from '../hcs/simulated/vm/exec.ts';
export type { OwnAnswers } from './model/answers.ts';
export type { Happening } from './model/happening.ts';
export type { ModelState } from './model/modelState.ts';
export { type MachineOf, type PathOptions, type PathStep, type ProvisionPath, provisionPaths } from './model/paths.ts';
export { expectNothingLeft, type LeftOver, type NothingLeftOptions, SomethingLeft } from './nothingLeft.ts';
export {
  type PlayedState,
  type PlayOptions,
  playRunFile,
  type RecordingStore,
  recordingStore,
  statesOfRunFile,
} from './runFiles.ts';
export { type ContainerScenario, type Scenario, scenarios, type VmScenario } from './scenarios.ts';
export type { Start } from './stage/props.ts';
export { PathDeviation, type PathRun, runPath } from './stage/runPath.ts';
