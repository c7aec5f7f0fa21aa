import pc from 'picocolors';
import type { HostErrorEvent } from '../domain/fault.ts';
import type { HostReport } from '../hcs/hostError.ts';

function eventLines({ message, provider, eventId, source, data = [] }: HostErrorEvent): readonly string[] {
  const origin = [
    ...(eventId === undefined ? [] : [`event ${eventId}`]),
    ...(provider === undefined ? [] : [`of ${provider}`]),
    ...(source === undefined ? [] : [`in ${source}`]),
  ].join(' ');
  return [`  ${message}${origin === '' ? '' : `  ${pc.dim(origin)}`}`, ...data.map((value) => `    ${pc.dim(value)}`)];
}

/** What the host recorded on the way to a failure and whom it blames, a line each, or nothing. */
export function reportLines({ events = [], attribution = [] }: HostReport): string {
  const lines = [
    ...attribution.map((words) => `  the host blames: ${words}`),
    ...(events.length === 0 ? [] : ['  the host recorded:', ...events.flatMap(eventLines).map((line) => `  ${line}`)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
