const REDACTED = '[redacted]';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `NAME=value` with the value gone: the names of an environment are worth seeing. */
function redactVariable(variable: unknown): unknown {
  return typeof variable === 'string' ? `${variable.split('=', 1)[0]}=${REDACTED}` : REDACTED;
}

/** The names of the variables whose values {@link redactSpec} has taken out. */
export function redactedVariables(env: readonly string[]): readonly string[] {
  return env.flatMap((text) => {
    const at = text.indexOf('=');
    return text.slice(at + 1) === REDACTED ? text.slice(0, at) : [];
  });
}

/** A copy of an OCI spec without its secrets: values of `process.env`, `windows.credentialSpec`. */
export function redactSpec(spec: unknown): unknown {
  if (!isRecord(spec)) return spec;
  const { process, windows } = spec;
  return {
    ...spec,
    ...(isRecord(process) && Array.isArray(process.env)
      ? { process: { ...process, env: process.env.map(redactVariable) } }
      : {}),
    ...(isRecord(windows) && windows.credentialSpec !== undefined
      ? { windows: { ...windows, credentialSpec: REDACTED } }
      : {}),
  };
}
