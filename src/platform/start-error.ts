/** The server cannot start for a reason that its operator can mend: the message says how, and is all that is shown. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}
