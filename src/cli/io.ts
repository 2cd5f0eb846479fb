/** What a command may touch of the world outside, so that a test can stand in for it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line for standard output. */
  out(text: string): void;
  /** A line for standard error. */
  err(text: string): void;
  /** Asks for a yes; missing when nobody sits at a terminal. */
  ask?(question: string): Promise<boolean>;
}

/** Ends a command with this text on standard error. */
export class CliError extends Error {
  readonly exit_code: number;
  constructor(message: string, exit_code = 1) {
    super(message);
    this.name = 'CliError';
    this.exit_code = exit_code;
  }
}
