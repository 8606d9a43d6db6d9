// A fault of a command that the administrator can mend.

/** Told without a stack trace, with exit code 1. */
export class CommandLineError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
