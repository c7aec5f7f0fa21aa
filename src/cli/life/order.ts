/** What a command and the process that it leaves behind tell each other. */
import type { ProvisionId } from '../../domain/ids.ts';
import type { HostOptions } from '../hosts.ts';

/** What a keeper is to do. */
export interface Order extends Pick<HostOptions, 'host' | 'facts' | 'latency'> {
  readonly run: ProvisionId;
  /** The process that gives the run away, and does nothing to it any more. */
  readonly from?: string;
  /** The spec with its secrets. */
  readonly spec?: unknown;
  /** Gives everything back when the container has stopped. */
  readonly givesBack: boolean;
  /** The run of the VM that was made for the container alone. */
  readonly vm?: ProvisionId;
}

/** How it began. */
export type Beginning =
  | { readonly type: 'started'; readonly pid: number }
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly status: number;
    };

/** Asks a keeper to stop the container as a signal would. */
export const STOP = 'stop';
