/**
 * Logs what creates do, as one JSON object a line: what log collectors read. The events hold no secrets; a subscriber
 * that throws or is slow neither stops nor delays a create. One of the creates fails, to show how that reads.
 */
import { createProvisioner, type ProvisionEvent } from 'slipway';
import { simulatedHost } from 'slipway/testing';

/** The fields of a line; undefined for what is not worth one. */
function fieldsOf(event: ProvisionEvent): object | undefined {
  switch (event.type) {
    case 'step.finished':
      return { step: event.step };
    case 'step.skipped':
      return { step: event.step, reason: event.reason };
    case 'step.retrying':
      return { step: event.step, attempt: event.attempt, inMs: event.delayMs, because: event.fault.message };
    case 'step.failed':
      return { step: event.step, code: event.fault.code, message: event.fault.message, hint: event.fault.hint };
    case 'call.answered': // only what went wrong: a create makes dozens of calls
      return event.failure && { call: event.call, code: event.failure.name, ms: event.durationMs };
    case 'provision.completed':
      return {};
    case 'release.finished':
      return { purpose: event.purpose, residue: event.residue };
    default:
      return undefined;
  }
}

const host = simulatedHost({ latencies: 2 });
const provisioner = await createProvisioner({ host });
host.inject({ call: 'layers.activate', when: 'before', hresult: 0x80070015 }); // ERROR_NOT_READY: is tried again
host.inject({ call: 'compute.create', when: 'before', hresult: 0x8037011b }); // HCS_E_ACCESS_DENIED: is rolled back

const provisions = ['web-1', 'web-2'].map((id) => {
  const spec = { windows: { layerFolders: ['C:\\layers\\base', `C:\\scratch\\${id}`] } };
  const provision = provisioner.create({ id, spec });
  provision.events$.subscribe((event) => {
    const fields = fieldsOf(event);
    if (fields === undefined) return;
    process.stdout.write(
      `${JSON.stringify({ container: id, atMs: Math.round(event.atMs), event: event.type, ...fields })}\n`,
    );
  });
  return provision;
});

// `allSettled`: a create that failed is rolled back when its result rejects.
await Promise.allSettled(provisions.map(({ result }) => result));
