/** The inspector could not be started. */
export class InspectorFailed extends Error {
  override readonly name = 'InspectorFailed';
  /** `inspector-port-taken`, `inspector-not-started`, or what is wrong with the file that was to be shown. */
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
