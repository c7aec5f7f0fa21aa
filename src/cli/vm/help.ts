/** What stands under the options of each command of `slipway vm`. */

export const VM = `
Examples:
  slipway vm create vm-1 --linux
  slipway vm list
  slipway vm delete vm-1`;

export const CREATE = `
Examples:
  slipway vm create vm-1 --linux --memory 2048 --processors 4
  slipway vm create vm-2 --windows --layer 'C:\\layers\\servercore' --layer 'C:\\scratch\\vm-2'
  slipway vm create --pod-bundle examples/pod-vm
Exit codes: 0 it runs, 1 failed and rolled back, 2 bad input, 130 interrupted and rolled back.`;

export const PLAN = `
Examples:
  slipway vm plan vm-1 --linux
  slipway vm plan vm-1 --linux --json | jq .document.VirtualMachine
Exit codes: 0 it would be created, 1 it would fail, 2 bad input.`;

export const LIST = `
Examples:
  slipway vm list
  slipway vm list --all --json`;

export const STATE = `
Examples:
  slipway vm state vm-1
  slipway vm state vm-1 | jq .traits
Status: creating, running, lost (not on the host any more), undoing, held, needsHands, interrupted (its process ended
before it did), failed, released.`;

export const DELETE = `
A VM that has containers in it, or what a failed create of a container was told to keep, is not ended without --force.
Examples:
  slipway vm delete vm-1
Exit codes: 0 nothing is left, 1 something is left (it is named, and can be tried again) or it cannot be ended now.`;
