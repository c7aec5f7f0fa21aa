/**
 * One argument as the C runtime of Windows and CommandLineToArgvW take it apart again: a quoted argument ends at a
 * quote that is not escaped, and backslashes escape only where a quote follows them.
 */
function quoted(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  const escaped = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return argument === '' || /\s/.test(argument) ? `"${escaped}"` : argument.replace(/(\\*)"/g, '$1$1\\"');
}

/** The command line of a Windows process. */
export function commandLineOf(args: readonly string[]): string {
  return args.map(quoted).join(' ');
}
