/** Work that runs by the clock, in the background, one run at a time. */
export interface Job {
  readonly name: string;
  /** From the end of one run to the start of the next, in milliseconds. */
  readonly every_ms: number;
  run(context: JobContext): Promise<void>;
}

export interface JobContext {
  readonly signal: AbortSignal;
}
