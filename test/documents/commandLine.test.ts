import { describe, expect, test } from '@jest/globals';
import { commandLineOf } from '../../src/documents/commandLine.ts';
import { fc } from '../support/property.ts';

/** What a Windows program finds in argv, by the rules of the C runtime. */
function argvOf(line: string): string[] {
  const args: string[] = [];
  let at = 0;
  while (at < line.length) {
    while (line[at] === ' ' || line[at] === '\t') at += 1;
    if (at >= line.length) break;
    let [text, isQuoted] = ['', false];
    while (at < line.length && (isQuoted || (line[at] !== ' ' && line[at] !== '\t'))) {
      let slashes = 0;
      while (line[at] === '\\') {
        slashes += 1;
        at += 1;
      }
      if (line[at] !== '"') {
        text += '\\'.repeat(slashes);
        if (at < line.length && slashes === 0) {
          text += line[at];
          at += 1;
        }
        continue;
      }
      text += '\\'.repeat(slashes >> 1);
      if (slashes % 2 === 1) text += '"';
      else isQuoted = !isQuoted;
      at += 1;
    }
    args.push(text);
  }
  return args;
}

describe('a Windows command line', () => {
  test.each([
    [['cmd.exe', '/c', 'echo hello'], 'cmd.exe /c "echo hello"'],
    [['C:\\Program Files\\a.exe'], '"C:\\Program Files\\a.exe"'],
    [['a', ''], 'a ""'],
    [['a', 'say "hi"'], 'a "say \\"hi\\""'],
    [['a', '"'], 'a \\"'],
    [['a', 'C:\\dir\\'], 'a C:\\dir\\'],
    [['a', 'C:\\my dir\\'], 'a "C:\\my dir\\\\"'],
    [['a', 'x\\\\"y'], 'a x\\\\\\\\\\"y'],
    [['a', 'tab\there'], 'a "tab\there"'],
    [['a', '%PATH%', '^&|<>'], 'a %PATH% ^&|<>'],
    [['powershell', '-Command', 'Get-Item "C:\\a b\\"'], 'powershell -Command "Get-Item \\"C:\\a b\\\\\\""'],
  ])('%j', (args, line) => {
    expect(commandLineOf(args)).toBe(line);
    expect(argvOf(line)).toEqual(args);
  });

  test('a program finds the arguments that were given, whatever is in them', () => {
    const argument = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('\\', '"', ' ', 'a', '\t'), { maxLength: 12 }).map((parts) => parts.join('')),
    );
    const args = fc.array(
      argument.filter((text) => !text.includes('\0')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(args, (given) => expect(argvOf(commandLineOf(given))).toEqual(given)),
      { numRuns: 500 },
    );
  });
});
