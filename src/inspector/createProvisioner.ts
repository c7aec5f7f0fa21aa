import type { Provisioner, ProvisionerOptions } from '../engine/contract.ts';
import type { Inspect } from '../engine/inspect.ts';
import { createProvisioner as create } from '../engine/provisioner.ts';
import type { Inspector } from './server/inspector.ts';

export interface InspectedOptions extends Omit<ProvisionerOptions, 'inspect'> {
  /**
   * `true` serves the page of the inspector on a free port of 127.0.0.1. Anything else is an inspector of XState: it gets
   * copies without secrets, later; what it throws, and how many it was too slow for, is reported as a process warning.
   */
  readonly inspect?: Inspect | true;
}

/** A provisioner with the page that shows its runs; `close()` ends both. */
export interface InspectedProvisioner extends Provisioner {
  readonly inspector: Pick<Inspector, 'url'>;
}

async function inspected(options: ProvisionerOptions): Promise<InspectedProvisioner> {
  const { startInspector } = await import('./server/inspector.ts');
  const provisioner = await create(options);
  const inspector = await startInspector({ provisioner, keepsProcess: false });
  const closeProvisioner = provisioner.close.bind(provisioner);
  const close = async (): Promise<void> => {
    await closeProvisioner();
    await inspector.close();
  };
  return Object.assign(provisioner, { inspector: { url: inspector.url }, close });
}

/**
 * A provisioner over a host. With `inspect: true`, its `inspector.url` is the page that shows its runs.
 * @throws {RangeError} for a bad limit in `admission`
 * @throws {InspectorFailed} when the page cannot be served
 */
export function createProvisioner(
  options: InspectedOptions & { readonly inspect: true },
): Promise<InspectedProvisioner>;
export function createProvisioner(options: InspectedOptions): Promise<Provisioner>;
export async function createProvisioner({ inspect, ...options }: InspectedOptions): Promise<Provisioner> {
  if (inspect === true) return inspected(options);
  return create(inspect === undefined ? options : { ...options, inspect });
}
