/** What is safe to write into a command line that the shell of a Windows guest reads. */

const UNSAFE = /[\s&|<>^%"!()]/;

/** Whether a name holds a blank, or a character that means something to cmd.exe. */
export function isUnsafeInCommand(name: string): boolean {
  return UNSAFE.test(name);
}
