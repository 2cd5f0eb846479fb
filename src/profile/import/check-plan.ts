import { AppError } from '../../kernel/errors.ts';
import type { IdentifierRules } from '../../resolve/contract.ts';
import type { ImportPlan, ImportTarget } from './mapping.ts';

type Mapped = Pick<ImportPlan, 'kind' | 'mapping'>;

const refuse = (rule: string, message: string, field = 'plan.mapping') =>
  new AppError('invalid_input', { message, field, rule });

/** What no row could make up for. */
export function checkPlan(plan: Mapped, rules: IdentifierRules): void {
  const { kind, mapping } = plan;
  const count = (to: ImportTarget['to']) =>
    Object.values(mapping).filter((target) => target.to === to).length;
  if (count('identifier') === 0) throw refuse('identifier', 'Map a column to an identifier.');
  if (kind === 'match' && count('identifier') < 2)
    throw refuse('two_identifiers', 'A match table needs two columns of identifiers.');
  if (kind === 'transactions' && count('timestamp') === 0)
    throw refuse('timestamp', 'Map the column that says when the transaction happened to `timestamp`.');
  checkTargets(plan, rules, 'plan.mapping');
}

/** What a column cannot become, whatever the other columns are. */
export function checkTargets({ kind, mapping }: Mapped, rules: IdentifierRules, field = 'mapping'): void {
  const types = rules.types();
  for (const [column, target] of Object.entries(mapping)) {
    const at = `${field}.${column}`;
    if (target.to === 'identifier' && !types.includes(target.type)) {
      const help = `They know ${types.join(', ')}: map ${column} to one of these, or add ${target.type} to the identity rules first.`;
      throw refuse('unknown_type', `The identity rules know no identifier ${target.type}. ${help}`, at);
    }
    if (target.to === 'score' && kind !== 'people')
      throw refuse('score', 'A score is said of people: import it with the kind `people`.', at);
  }
}
