import type { OnlineStore } from '../../stores/online/port.ts';
import { type StoredUnit, UNIT_PREFIX, type Unit, unitFrom } from '../graph/unit.ts';

const SLICE = 200;

export interface UnitSlice {
  readonly units: readonly Unit[];
  /** 0 to 1: how far the scan is. Keys are hashes, and so spread evenly. */
  readonly share: number;
}

/** All committed units, some at a time. What joins another unit meanwhile may be seen with both. */
export async function* scanUnits(online: OnlineStore): AsyncGenerator<UnitSlice> {
  let after: string | undefined;
  for (;;) {
    const found = await online.scan<StoredUnit>(UNIT_PREFIX, {
      limit: SLICE,
      ...(after === undefined ? {} : { after }),
    });
    const last = found.at(-1);
    if (last === undefined) return;
    after = last.key;
    const digits = last.key.slice(UNIT_PREFIX.length, UNIT_PREFIX.length + 4);
    const units = found.map(({ key, value }) => unitFrom(key.slice(UNIT_PREFIX.length), value));
    yield { units, share: Number.parseInt(digits, 16) / 0x10000 };
  }
}
