import type { Clock } from '../../kernel/clock.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type SourceActivity, type SourceActivityRow, sourceActivity } from './activity.sql.ts';

export type ActivityQuery = () => Promise<ReadonlyMap<string, SourceActivity>>;

/** How much each source sent lately, by source id; a silent source is not in the map. */
export const createActivityQuery =
  (deps: { readonly warehouse: Warehouse; readonly clock: Clock }): ActivityQuery =>
  async () => {
    const rows = await deps.warehouse.query<SourceActivityRow>(sourceActivity(deps.clock.now_ms()));
    return new Map(rows.map(({ source_id, ...activity }) => [source_id, activity]));
  };
