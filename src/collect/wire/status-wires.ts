/** Small questions that clients and load balancers of other collectors ask. */
import { jsonReply, type Wire } from './wire.ts';

/** Since when `Sec-GPC` is honoured and recorded; part of the published statement. */
const GPC_LAST_UPDATE = '2026-11-01';

export interface StatusDeps {
  readonly version: string;
  /** Whether the log can commit. */
  readonly accepting: () => Promise<boolean>;
  /** Counts a request of client metrics. */
  readonly onClientMetrics: (bytes: number) => void;
}

export function statusWires({ version, accepting, onClientMetrics }: StatusDeps): readonly Wire[] {
  return [
    {
      method: 'POST',
      path: '/v1/m',
      // Segment's clients report on themselves here: counted and forgotten.
      answer: async ({ body }) => {
        onClientMetrics(body.length);
        return jsonReply({ success: true });
      },
    },
    {
      method: 'GET',
      path: '/health',
      answer: async () => {
        const up = await accepting();
        const state = {
          appType: 'GATEWAY',
          server: up ? 'UP' : 'DOWN',
          db: up ? 'UP' : 'DOWN',
          acceptingEvents: up ? 'TRUE' : 'FALSE',
        };
        return { ...jsonReply({ ...state, routingEvents: 'TRUE', mode: 'NORMAL' }), status: up ? 200 : 503 };
      },
    },
    { method: 'GET', path: '/version', answer: async () => jsonReply({ Version: version }) },
    {
      method: 'GET',
      path: '/.well-known/gpc.json',
      answer: async () => jsonReply({ gpc: true, lastUpdate: GPC_LAST_UPDATE }),
    },
  ];
}
