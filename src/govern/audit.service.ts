import type { Clock } from '../kernel/clock.ts';
import type { ControlDb, ControlTransaction } from '../stores/control/port.ts';
import { insertRow, newestRow, rowsAfter, rowsBefore } from './audit.sql.ts';
import { type AuditRow, type Chain, EMPTY_CHAIN, follow, GENESIS, rowDigest } from './audit-chain.ts';
import type { Audit } from './contract.ts';

type Entry = Parameters<Audit['record']>[0];

export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly actor_kind: string;
  readonly action: string;
  readonly object: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditService extends Audit {
  /** Appends inside a transaction of the caller, so that a change and its entry are one. */
  recordIn(tx: ControlTransaction, entry: Entry): Promise<void>;
  /** Newest first, with ids below `before` where given. */
  list(options: { readonly limit: number; readonly before?: number }): Promise<AuditEntry[]>;
  /** Walks over the whole chain. */
  verify(): Promise<Chain>;
}

const PAGE = 1_000;

export function createAudit({ control, clock }: { control: ControlDb; clock: Clock }): AuditService {
  const recordIn = async (
    tx: ControlTransaction,
    { actor, action, object, details }: Entry,
  ): Promise<void> => {
    const last = await tx.one<Pick<AuditRow, 'id' | 'digest'>>(newestRow());
    const row: AuditRow = {
      id: (last?.id ?? 0) + 1,
      at: new Date(clock.now_ms()).toISOString(),
      actor_id: actor.id,
      actor_name: actor.name,
      actor_kind: actor.kind,
      action,
      object,
      details: JSON.stringify(details),
      previous: last?.digest ?? GENESIS,
      digest: '',
    };
    await tx.run(insertRow({ ...row, digest: rowDigest(row) }));
  };

  const verify = async (): Promise<Chain> => {
    let chain = EMPTY_CHAIN;
    for (;;) {
      const rows = await control.all<AuditRow>(rowsAfter(chain.entries, PAGE));
      chain = follow(chain, rows);
      if (!chain.ok || rows.length < PAGE) return chain;
    }
  };

  return {
    record: (entry) => control.transaction((tx) => recordIn(tx, entry)),
    recordIn,
    list: async ({ limit, before }) => {
      const rows = await control.all<AuditRow>(rowsBefore(before ?? Number.MAX_SAFE_INTEGER, limit));
      return rows.map(({ previous: _, digest: __, details, ...row }) => ({
        ...row,
        details: JSON.parse(details),
      }));
    },
    verify,
  };
}
