/** The service as a process of its own: says its port, and ends with whoever started it. */
import { StandInService } from './service.ts';

process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
process.stdout.write(`${await new StandInService().listen()}\n`);
