import type { Clock } from '../../kernel/clock.ts';
import type { Collector } from '../accept/collector.ts';
import type { SourceDirectory } from '../sources/source.ts';
import { eventWires } from './event-wires.ts';
import { settingsWires } from './settings-wires.ts';
import { statusWires } from './status-wires.ts';
import type { Wire } from './wire.ts';

export interface WireDeps {
  readonly collector: Collector;
  readonly sources: SourceDirectory;
  readonly clock: Clock;
  readonly version: string;
  readonly public_url?: string | undefined;
  readonly accepting: () => Promise<boolean>;
  readonly onClientMetrics?: (bytes: number) => void;
}

/** Every wire, for the HTTP edge to register. */
export const createWires = ({
  collector,
  sources,
  clock,
  version,
  public_url,
  accepting,
  onClientMetrics = () => {},
}: WireDeps): readonly Wire[] => [
  ...eventWires(collector),
  ...settingsWires({ sources, clock, public_url }),
  ...statusWires({ version, accepting, onClientMetrics }),
];
