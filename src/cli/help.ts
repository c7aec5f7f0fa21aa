/** What stands under the options of each command. */

export const PROGRAM = `
Examples:
  slipway plan --bundle examples/web       what a create would do
  slipway create --bundle examples/web     do it, on the simulated host
  slipway run --bundle examples/web        create it, start it, show its output, give it back
  slipway list                             what is there
  slipway release web                      give it back
  slipway recover                          finish what processes have left that are gone
The simulated host keeps its state in a folder (in the user's state directory, or the one of --host simulated:DIR).
A facts.json in that folder says what it is like: files, endpoints, namespaces, build, processors.`;

const HOSTS = `
Hosts:
  windows            this machine; what was done on it is in %ProgramData%\\slipway (slipway doctor says what works)
  simulated          the one in the user's state directory (XDG_STATE_HOME, or LOCALAPPDATA on Windows)
  simulated:DIR      one that keeps its state in DIR
  simulated:memory   one that ends with the command
  SLIPWAY_HOST in the environment chooses one where --host does not.`;

export const CREATE = `
The container outlives the command: slipway list shows it, slipway release gives it back.
Examples:
  slipway create --bundle examples/web
  slipway create --bundle examples/web --facts examples/host.json --host simulated:memory
  slipway create --spec config.json --rootfs rootfs.json --json web-1
  slipway create --bundle examples/web --keep-on-failure --lease 30      to look at what it had acquired, for half an hour
  slipway create --bundle examples/web --vm windows      Hyper-V isolation: makes the VM web-vm, which stays
  slipway create --bundle examples/web --vm vm-1         into a VM that is there (slipway vm create)
${HOSTS}
Exit codes: 0 created, 1 failed and rolled back, 2 bad input, 130 interrupted and rolled back.`;

export const PLAN = `
Examples:
  slipway plan --bundle examples/web
  slipway plan --bundle examples/web --vm windows
  slipway plan --bundle examples/web --json | jq .effects
Exit codes: 0 it would be created, 1 it would fail, 2 bad input.`;

export const DOCUMENT = `
Examples:
  slipway document --bundle examples/web
  slipway document --bundle examples/web | jq .Container.Storage`;

export const LIST = `
Examples:
  slipway list
  slipway list --all --json
  slipway release $(slipway list --quiet)
${HOSTS}`;

export const STATE = `
Examples:
  slipway state web
  slipway state web | jq -r .status
Status: creating, created, running, paused, stopped as in the OCI runtime spec; lost (not on the host any more),
undoing, held, needsHands, interrupted (its process ended before it did), failed, released. provision.next says what to do about it.`;

export const RELEASE = `
Also what a failed create was told to keep, what could not be released before, and what an interrupted create has left.
Examples:
  slipway release web
  slipway release pod-workload pod-sandbox
  slipway release --all
Exit codes: 0 nothing is left, 1 something is left (it is named, and can be tried again) or cannot be released now.`;

export const GRAPH = `
Examples:
  slipway graph
  slipway graph releaseResource --format json
  slipway graph --detail steps > create.mmd
  slipway graph utilityVm --format svg > vm.svg    one file, light and dark`;

export const INSPECT = `
Prints the URL of a page on 127.0.0.1 that shows the runs of a host as they go on, also those of other processes; ends
with Ctrl-C. Whoever has the URL on this machine sees the page; nothing on it can be changed, and no secret is on it.
Examples:
  slipway inspect                              all runs
  slipway inspect web                          the last run of this container or VM first
  slipway inspect run.jsonl                    a run file, from wherever it is
${HOSTS}`;

export const EXPLAIN = `
Hexadecimal is 0x80370110, 80370110h, or digits with a letter among them (c0370106). Digits alone are decimal, signed or
not; only eight of them that begin with 8 are read as hexadecimal. A number of 16 bits is an error of Win32.
Examples:
  slipway explain 0x80370110
  slipway explain -1070137082
  slipway explain 1450
  slipway explain HCS_E_SYSTEM_NOT_FOUND
  slipway explain vm-gone`;

export const DOCTOR = `
It only asks: nothing on the host is changed. SLIPWAY_FFI chooses the library that calls native functions (koffi or ffi-napi).
Examples:
  slipway doctor
  slipway doctor --json | jq -r '.checks[] | select(.mark != "ok") | .subject'
Exit codes: 0 all is there, 1 something will not work (it is named), 3 there is no Host Compute Service on this machine.`;

export const COMPLETE = `
Examples:
  source <(slipway complete bash)
  slipway complete fish > ~/.config/fish/completions/slipway.fish
  slipway complete powershell >> $PROFILE`;
