/** One call that waits for its commit. */
interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: what arrives while one commit runs goes into the next, which starts as soon as the former ended.
 * `commit` gets the items in the order of the calls and returns one result for each; when it rejects, every caller of
 * the group does. `weight` and `max_weight` bound one group (a heavier item goes alone).
 */
export function createGroupCommit<T, R>(options: {
  readonly commit: (items: readonly T[]) => Promise<readonly R[]>;
  readonly weight: (item: T) => number;
  readonly max_weight: number;
}): { add(item: T): Promise<R>; idle(): Promise<void>; waiting_weight(): number } {
  let waiting: Waiting<T, R>[] = [];
  let weight = 0;
  let running: Promise<void> | undefined;

  const take = (): Waiting<T, R>[] => {
    let sum = 0;
    let n = 0;
    for (; n < waiting.length; n++) {
      const next = waiting[n];
      if (next === undefined) break;
      sum += options.weight(next.item);
      if (n > 0 && sum > options.max_weight) {
        sum -= options.weight(next.item);
        break;
      }
    }
    const group = n === waiting.length ? waiting : waiting.slice(0, n);
    waiting = n === waiting.length ? [] : waiting.slice(n);
    weight -= sum;
    return group;
  };

  const run = async (): Promise<void> => {
    // The appends of one turn of the event loop belong together: wait for its end before the first commit.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = take();
      try {
        const results = await options.commit(group.map((w) => w.item));
        for (let i = 0; i < group.length; i++) group[i]?.resolve(results[i] as R);
      } catch (error) {
        for (const w of group) w.reject(error);
      }
    }
    running = undefined;
  };

  return {
    add: (item) =>
      new Promise<R>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        weight += options.weight(item);
        running ??= run();
      }),
    idle: async () => {
      while (running !== undefined) await running;
    },
    waiting_weight: () => weight,
  };
}
