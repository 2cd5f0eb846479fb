import { expect, test } from 'vitest';
import { askedFields } from './asked-fields.ts';

const rule = (...all: object[]) => ({ all });
const inSegment = (segment: string) => ({ predicate: 'segment', segment });
const BODIES: Readonly<Record<string, unknown>> = {
  rich: rule({ predicate: 'trait', trait: 'household_income' }, inSegment('kinds/old')),
  'kinds/old': { method: 'kmeans', features: [{ name: 'age', property: 'birthday' }] },
  // A ring is refused at a release; it must end here all the same.
  snake: rule(inSegment('tail')),
  tail: rule(inSegment('snake'), { predicate: 'trait', trait: 'religion' }),
};

test('what a rule asks for itself, and through the segments that it names, and that they name', () => {
  const { own, through } = askedFields(
    rule({ not: inSegment('rich') }, { predicate: 'trait', trait: 'plan' }),
    (name) => BODIES[name],
  );
  expect(own).toContain('plan');
  expect(own).not.toContain('household_income');
  expect(through.map(({ segment }) => segment)).toEqual(['rich', 'kinds/old']);
  expect(through[0]?.fields).toContain('household_income');
  expect(through[1]?.fields).toContain('birthday');
});

test('a ring ends', () => {
  const { through } = askedFields(BODIES['snake'], (name) => BODIES[name]);
  expect(through.map(({ segment }) => segment)).toEqual(['tail', 'snake']);
  expect(through.flatMap(({ fields }) => fields)).toContain('religion');
});
