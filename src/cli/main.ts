#!/usr/bin/env node
import { program } from './program.ts';

// What completes needs all commands, and a library that nothing else needs.
if (process.argv[2] === 'complete') await (await import('./completion.ts')).addCompletion(program);

await program.parseAsync();
