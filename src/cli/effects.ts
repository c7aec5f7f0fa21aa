import { redactDocument } from '../documents/redact.ts';
import type { Effect } from '../hcs/simulated/state.ts';

/** A change to the host as it may be shown: without the document, which has a place of its own, and without secrets. */
export function withoutDocument({ document: _document, ...effect }: Effect): object {
  return redactDocument(effect);
}

/** `namespace.modify  1b2f...`, with the endpoint where there is one. */
export function effectLine(effect: Effect): string {
  const { id, path, system, settings } = effect;
  const about =
    [id, path, system].find((value) => typeof value === 'string') ?? JSON.stringify(redactDocument(settings as object));
  const endpoint = /"EndpointId":"([^"]+)"/.exec(JSON.stringify(settings ?? {}))?.[1];
  return `${effect.effect.padEnd(20)} ${String(about)}${endpoint === undefined ? '' : `  ${endpoint}`}`;
}
