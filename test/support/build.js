import { execFileSync } from 'node:child_process';

export default function build() {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
}
