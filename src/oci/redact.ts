const REDACTED = '[redacted]';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `NAME=value` with the value gone: the names of an environment are worth seeing. */
function redactVariable(variable: unknown): unknown {
  return typeof variable === 'string' ? `${variable.split('=', 1)[0]}=${REDACTED}` : REDACTED;
}

/** Whether {@link redactSpec} has taken out the value of the variable. */
export function isRedactedVariable(variable: string): boolean {
  return variable.slice(variable.indexOf('=') + 1) === REDACTED;
}

/** The names of the variables whose values {@link redactSpec} has taken out. */
export function redactedVariables(env: readonly string[]): readonly string[] {
  return env.filter(isRedactedVariable).map((text) => text.slice(0, text.indexOf('=')));
}

/** Annotations whose values hold registry values. */
const SECRET_ANNOTATIONS: readonly string[] = ['io.microsoft.virtualmachine.wcow.additional-reg-keys'];

function redactAnnotations(annotations: Record<string, unknown>): Record<string, unknown> {
  const redacted = Object.entries(annotations).map(([name, value]) => [
    name,
    SECRET_ANNOTATIONS.includes(name) ? REDACTED : value,
  ]);
  return Object.fromEntries(redacted) as Record<string, unknown>;
}

/**
 * A copy of an OCI spec without its secrets: values of `process.env`, `windows.credentialSpec`, annotations that hold
 * registry values.
 */
export function redactSpec(spec: unknown): unknown {
  if (!isRecord(spec)) return spec;
  const { process, windows, annotations } = spec;
  return {
    ...spec,
    ...(isRecord(process) && Array.isArray(process.env)
      ? { process: { ...process, env: process.env.map(redactVariable) } }
      : {}),
    ...(isRecord(windows) && windows.credentialSpec !== undefined
      ? { windows: { ...windows, credentialSpec: REDACTED } }
      : {}),
    ...(isRecord(annotations) ? { annotations: redactAnnotations(annotations) } : {}),
  };
}
