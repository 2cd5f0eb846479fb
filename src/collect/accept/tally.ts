import { AppError } from '../../kernel/errors.ts';
import type { LoggedEvent, QuarantineReason } from '../contract.ts';
import type { ItemProblem } from './collect-request.ts';
import type { CollectLimits } from './limits.ts';

const PROBLEMS_TOLD = 100;

/** The records of one request, and how many events went which way. */
export interface Tally {
  readonly lines: readonly string[];
  readonly problems: readonly ItemProblem[];
  counts(): { readonly accepted: number; readonly filtered: number; readonly quarantined: number };
  /** `at` is the place to name to the sender: index in the batch, or line of the file. */
  add(event: LoggedEvent, at: number): void;
  /** An event of the product's own beside it: written, not counted. */
  addOwn(event: LoggedEvent): void;
}

/** Refuses the whole request when a record, or all of them together, would be too large for the log. */
export function createTally(limits: CollectLimits): Tally {
  const lines: string[] = [];
  const problems: ItemProblem[] = [];
  const counts = { accepted: 0, filtered: 0, quarantined: 0 };
  let chars = 0;
  const write = (event: LoggedEvent, field: string): void => {
    const line = JSON.stringify(event);
    chars += line.length;
    if (line.length * 3 > limits.record_bytes_max && Buffer.byteLength(line) > limits.record_bytes_max) {
      const message = `${field} is too large to be stored, even in quarantine. Nothing of the request was stored.`;
      throw new AppError('body_too_large', { message, field, limit: limits.record_bytes_max });
    }
    if (chars > limits.request_records_chars_max) {
      const message =
        'The events are too large together: a batch-level context is repeated on each. Nothing was stored.';
      throw new AppError('body_too_large', { message, field, limit: limits.request_records_chars_max });
    }
    lines.push(line);
  };
  return {
    lines,
    problems,
    counts: () => counts,
    add: (event, at) => {
      write(event, `batch[${at}]`);
      counts[event.verdict] += 1;
      if (event.verdict === 'quarantined' && problems.length < PROBLEMS_TOLD)
        problems.push({
          at,
          reason: event.reason as QuarantineReason,
          path: event.path,
          detail: event.detail,
        });
    },
    addOwn: (event) => write(event, 'batch'),
  };
}
