import { Option } from 'commander';

/** `--host`, which every command has that works on one. */
export function hostOption(): Option {
  return new Option('--host <host>', 'windows, simulated, simulated:DIR, or simulated:memory')
    .default('simulated')
    .env('SLIPWAY_HOST');
}
