/** A Windows VM that boots, and has nothing. */
export const PLAIN_VM = {
  Owner: 'test',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  VirtualMachine: {
    Chipset: { Uefi: {} },
    ComputeTopology: { Memory: { SizeInMB: 1024 }, Processor: { Count: 2 } },
    Devices: {},
    GuestConnection: {},
  },
};

export const VM_DOCUMENT = JSON.stringify(PLAIN_VM);
