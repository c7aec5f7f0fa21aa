/** What stands under the options of the commands of a container's life. */

export const RUN = `
Creates a container, starts it, shows its output as it comes, and gives it back when it has stopped. The progress of the
create goes to stderr. The first Ctrl-C (or SIGTERM) is passed on to the container; the second ends it by force.
With --detach the container is left to a process of its own, which keeps its output and its exit code.
Examples:
  slipway run --bundle examples/web
  slipway run -it --bundle examples/web        with the terminal
  slipway run -d --bundle examples/web         in the background: slipway logs -f web, slipway stop web
  slipway run --bundle examples/web --keep     it stays when it has stopped: slipway delete web gives it back
Exit codes: that of the container; 125 it could not be created or started, or is not gone (also for bad input), 127 its
program is not there, 130 ended by Ctrl-C, 137 ended by force, 255 a code that is above that (it is told).`;

export const START = `
Starts what slipway create has made. The container is left to a process of its own, which keeps its output and its exit
code. The journal keeps no secrets: variables of the process are read from the bundle again, or from --spec.
Examples:
  slipway create --bundle examples/web && slipway start web && slipway logs -f web
Exit codes: 0 it runs, 1 it could not be started or cannot be now (nothing was changed).`;

export const EXEC = `
Examples:
  slipway exec web -- cmd /c dir
  slipway exec -it web -- powershell
  slipway exec -e DEBUG=1 -w C:\\\\app -u ContainerUser web -- app.exe
Exit codes: that of the process; 125 it could not be run, 127 there is no such program, 130 ended by Ctrl-C.`;

export const PS = `
Examples:
  slipway ps web
  slipway ps web --json | jq '.[].ProcessId'`;

export const KILL = `
Sends a signal to the first process of a container: INT, TERM, HUP, BREAK, KILL, or CtrlC, CtrlBreak, ... for Windows,
those of signal(7) for Linux, by name or number.
Examples:
  slipway kill web
  slipway kill web KILL`;

export const STOP = `
Examples:
  slipway stop web
  slipway stop web --timeout 60
  slipway stop web --timeout 0        by force, at once
What it was made from stays, unless it was run without --keep: slipway delete gives it back.`;

export const PAUSE = `
Only what runs in a VM of its own can be paused, where its system allows it.
Examples:
  slipway pause web && slipway resume web`;

export const EVENTS = `
First where each container stands, then a line whenever that changes, whoever changes it; of one container, until it is gone.
Examples:
  slipway events
  slipway events web --json | jq -r .status`;

export const STATS = `
Examples:
  slipway stats web
  slipway stats web --interval 1 --json`;

export const LOGS = `
The output of containers that slipway run --detach or slipway start has started, on the outputs that it was written to. It is kept
in the folder of the host (logs/), one file a container, in the log format of Kubernetes (CRI); nothing takes it away.
Examples:
  slipway logs web
  slipway logs -f web`;

export const WAIT = `
Examples:
  slipway run -d --bundle examples/web && slipway wait web
Exit codes: as slipway run.`;

export const DELETE = `
Gives back all that was acquired for a container, but for the scratch, whose data is yours. One that runs is refused.
Examples:
  slipway delete web
  slipway delete --force web          ends it first
Exit codes: 0 nothing is left, 1 something is left (it is named, and can be tried again), or it runs.`;

export const UPDATE = `
Examples:
  slipway update web --memory 512m
  slipway update web --cpu-count 2`;
