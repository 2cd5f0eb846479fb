import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leavesOf, type Rule } from '../rules/rule.ts';
import { weigh } from './decisive.ts';

const leaf = { predicate: 'x' };
const { rule: rules } = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constant<Rule>(leaf),
    fc.record({ not: tie('rule') }),
    fc.record({ all: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ any: fc.array(tie('rule'), { minLength: 1, maxLength: 4 }) }),
  ),
}));

/** The plain meaning, written apart from what is tested. */
function holds(rule: Rule, truths: boolean[]): boolean {
  if ('not' in rule) return !holds(rule.not, truths);
  if ('all' in rule) return rule.all.map((one) => holds(one, truths)).every((is) => is);
  if ('any' in rule) return rule.any.map((one) => holds(one, truths)).some((is) => is);
  return truths.shift() === true;
}

test('with the decisive parts the other way the answer is the other way; with the others it stays', () => {
  const bits = fc.array(fc.boolean(), { minLength: 400, maxLength: 400 });
  fc.assert(
    fc.property(rules, bits, (rule, drawn) => {
      const truths = drawn.slice(0, leavesOf(rule).length);
      fc.pre(truths.length < 400);
      const { is, parts } = weigh(rule, truths);
      expect(is).toBe(holds(rule, [...truths]));
      expect(parts.length).toBe(truths.length);
      expect(parts.some(({ decides }) => decides)).toBe(true);
      const turned = (decides: boolean) => truths.map((one, i) => one !== (parts[i]?.decides === decides));
      expect(holds(rule, turned(true))).toBe(!is);
      // Each that decides pulls the answer its way: what it is, turned by its nots, is the answer.
      parts.forEach((part, i) => {
        if (part.decides) expect((truths[i] as boolean) !== part.negated).toBe(is);
      });
    }),
    { numRuns: 500 },
  );
});

test('a part below a not decides by being true, and parts of an any that holds decide nothing else', () => {
  const rule: Rule = { all: [leaf, { any: [leaf, leaf] }, { not: leaf }] };
  const decides = (...truths: boolean[]) => weigh(rule, truths).parts.map((part) => part.decides);
  expect(weigh(rule, [true, false, true, true])).toEqual({
    is: false,
    parts: [
      { negated: false, decides: false },
      { negated: false, decides: false },
      { negated: false, decides: false },
      { negated: true, decides: true },
    ],
  });
  expect(decides(true, false, false, false)).toEqual([false, true, true, false]);
  expect(decides(true, false, true, false)).toEqual([true, false, true, true]);
});
