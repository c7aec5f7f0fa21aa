import { redactDocument } from '../documents/redact.ts';
import { fieldsOf, textOf } from '../hcs/simulated/fields.ts';
import type { Effect } from '../hcs/simulated/state.ts';

/** A change to the host as it may be shown: without the document, which has a place of its own, and without secrets. */
export function withoutDocument({ document: _document, ...effect }: Effect): object {
  return redactDocument(effect);
}

/** What a request to a VM adds or removes, and its path on the host where it has one. */
function requestLine(request: unknown): string {
  const { ResourcePath, RequestType, Settings, GuestRequest } = fieldsOf(request);
  const guest = fieldsOf(GuestRequest);
  const target = textOf(ResourcePath).replace(/^VirtualMachine\/(Devices\/)?/, '');
  const what = target === '' ? `guest ${textOf(guest.ResourceType)}` : target;
  const verb = textOf(RequestType) || textOf(guest.RequestType);
  return [verb, what, textOf(fieldsOf(Settings).Path)].filter((part) => part !== '').join(' ');
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
