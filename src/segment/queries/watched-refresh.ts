import type { RunHandle } from '../../govern/contract.ts';
import { newId } from '../../kernel/ids.ts';
import type { RefreshResult, SegmentCommands } from '../contract.ts';

const ASK_MS = 500;

/** A refresh on its thread, with its progress and a cancel for the run that it is of. */
export async function watchedRefresh(
  commands: SegmentCommands,
  segments: readonly string[],
  { signal, progress }: RunHandle,
): Promise<RefreshResult> {
  const watch = newId('refresh');
  const ask = () =>
    void commands
      .refreshProgress({ watch })
      .then((now) => now !== null && progress(now.share, now.doing))
      .catch(ignoreAfterEnd);
  const cancel = () => void commands.cancelRefresh({ watch }).catch(ignoreAfterEnd);
  const asking = setInterval(ask, ASK_MS);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const working = commands.refresh({ segments, watch });
    // Cancelled before it began: the command is there by now.
    if (signal.aborted) cancel();
    ask();
    return await working;
  } finally {
    clearInterval(asking);
    signal.removeEventListener('abort', cancel);
  }
}

/** The refresh itself says how it ended. */
const ignoreAfterEnd = (): void => {};
