import { redactDocument } from '../documents/redact.ts';
import type { Effect } from '../hcs/simulated/state.ts';

/** A change to the host as it may be shown: without the document, which has a place of its own, and without secrets. */
export function withoutDocument({ document: _document, ...effect }: Effect): object {
  return redactDocument(effect);
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/** What a request to a VM adds or removes, and its path on the host where it has one. */
function requestLine(request: unknown): string {
  const guest = field(request, 'GuestRequest');
  const target = text(field(request, 'ResourcePath'))?.replace(/^VirtualMachine\/(Devices\/)?/, '');
  const type = text(field(request, 'RequestType')) ?? text(field(guest, 'RequestType')) ?? '';
  const what = target ?? `guest ${text(field(guest, 'ResourceType')) ?? ''}`;
  return [type, what, text(field(field(request, 'Settings'), 'Path'))].filter(Boolean).join(' ');
}

/** `namespace.modify  1b2f...`, with the endpoint where there is one. */
export function effectLine(effect: Effect): string {
  const { id, path, to, system, settings, request } = effect;
  const about = [id, path, to, system].find((value) => typeof value === 'string');
  const endpoint = /"EndpointId":"([^"]+)"/.exec(JSON.stringify(settings ?? {}))?.[1];
  const more = [endpoint, request === undefined ? undefined : requestLine(request)].filter(Boolean);
  const shown = String(about ?? JSON.stringify(redactDocument(settings as object)));
  return [effect.effect.padEnd(20), [shown, ...more].join('  ')].join(' ');
}
