/** Prometheus metrics. Labels hold names of sources and wires, never anything about people. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CollectFact } from '../collect/accept/collector.ts';

export interface Gauges {
  readonly log_end: () => number;
  readonly pipeline_position: () => number;
  readonly processed: () => number;
}

export interface Metrics {
  readonly registry: Registry;
  /** One finished collection request. */
  observe(fact: CollectFact): void;
  /** Since the start. */
  totals(): { readonly accepted: number; readonly refused: number };
}

export function createMetrics(gauges: () => Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'plumbline_' });
  const registers = [registry];
  const events = new Counter({
    name: 'plumbline_events_received_total',
    help: 'Events answered with a 2xx, by verdict',
    labelNames: ['source_id', 'verdict'],
    registers,
  });
  const requests = new Counter({
    name: 'plumbline_collect_requests_total',
    help: 'Collection requests by wire and refusal (none when taken)',
    labelNames: ['wire', 'refused'],
    registers,
  });
  const bytes = new Counter({
    name: 'plumbline_collect_bytes_total',
    help: 'Bytes of collection bodies, decompressed',
    registers,
  });
  const total = { accepted: 0, refused: 0 };

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('plumbline_log_end', 'Position that the next record of the log will get', () => gauges().log_end());
  gauge('plumbline_pipeline_position', 'Log position up to which every event has its fate', () =>
    gauges().pipeline_position(),
  );
  gauge('plumbline_pipeline_lag_events', 'Events in the log without a fate', () =>
    Math.max(0, gauges().log_end() - gauges().pipeline_position()),
  );
  gauge('plumbline_pipeline_processed_total', 'Records processed since the start', () =>
    gauges().processed(),
  );

  return {
    registry,
    observe(fact) {
      requests.inc({ wire: fact.wire, refused: fact.refused || 'none' });
      bytes.inc(fact.bytes);
      if (fact.refused !== '') {
        total.refused += 1;
        return;
      }
      total.accepted += fact.received;
      if (fact.accepted > 0) events.inc({ source_id: fact.source_id, verdict: 'accepted' }, fact.accepted);
      if (fact.filtered > 0) events.inc({ source_id: fact.source_id, verdict: 'filtered' }, fact.filtered);
      if (fact.quarantined > 0)
        events.inc({ source_id: fact.source_id, verdict: 'quarantined' }, fact.quarantined);
    },
    totals: () => total,
  };
}
