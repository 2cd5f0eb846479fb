/** Which parts of a rule make its answer what it is. */
import type { Rule } from '../rules/rule.ts';

export interface Weighed {
  /** The answer of the whole rule. */
  readonly is: boolean;
  /** In the order of `leavesOf`. */
  readonly parts: readonly {
    /** Below an odd number of `not`: there a part helps by being false. */
    readonly negated: boolean;
    readonly decides: boolean;
  }[];
}

/**
 * An `all` that fails is decided by the parts that fail, one that holds by all of them; `any` the other way round. Were
 * every part that decides the other way, the answer would be, too. `truths`: of each leaf, in the order of `leavesOf`.
 */
export function weigh(rule: Rule, truths: readonly boolean[]): Weighed {
  let next = 0;
  const look = (part: Rule, negated: boolean): Weighed => {
    if ('not' in part) {
      const inner = look(part.not, !negated);
      return { ...inner, is: !inner.is };
    }
    if (!('all' in part || 'any' in part)) {
      const is = truths[next] === true;
      next += 1;
      return { is, parts: [{ negated, decides: true }] };
    }
    const decisive = 'any' in part;
    const inner = ('any' in part ? part.any : part.all).map((one) => look(one, negated));
    const found = inner.some((one) => one.is === decisive);
    return {
      is: found ? decisive : !decisive,
      parts: inner.flatMap(({ is, parts }) =>
        parts.map((leaf) => ({ ...leaf, decides: leaf.decides && (!found || is === decisive) })),
      ),
    };
  };
  return look(rule, false);
}
