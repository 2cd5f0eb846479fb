import type { Run, Runs } from '../../govern/contract.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import { type CompiledRules, compileRules } from '../rules/compile-rules.ts';
import type { IdentityRules } from '../rules/identity-rules.ts';
import { ruleProblems } from '../rules/identity-rules-kind.ts';
import { addUnit, noPreview, readDifferently } from './preview.ts';
import { scanUnits } from './scan-units.service.ts';

export interface PreviewService {
  /** The run's result: `PreviewCounts` and `read_differently`, the types whose change only new events will show. */
  start(rules: IdentityRules, actor: Actor): Promise<Run>;
}

export function createPreview(deps: {
  readonly online: OnlineStore;
  readonly runs: Runs;
  readonly rules: () => CompiledRules;
}): PreviewService {
  const { online, runs } = deps;
  return {
    async start(body, actor) {
      const issues = ruleProblems(body);
      if (issues.length > 0)
        throw new AppError('invalid_input', {
          message: 'These rules cannot be used.',
          field: `rules.${issues[0]?.field}`,
          issues: issues.map(({ field, message }) => ({ field: `rules.${field}`, message })),
        });
      const then = compileRules(body);
      return runs.start('resolve.preview', 'identity-rules', actor, async ({ signal, progress }) => {
        const now = deps.rules();
        const counts = noPreview();
        let units = 0;
        for await (const slice of scanUnits(online)) {
          if (signal.aborted) break;
          for (const unit of slice.units) addUnit(counts, unit, now, then);
          units += slice.units.length;
          // Keys are spread evenly: the first digits of the last one say how far the scan is.
          progress(slice.share, `${units} groups of identifiers compared`);
        }
        return { ...counts, units, read_differently: readDifferently(now, then) };
      });
    },
  };
}
