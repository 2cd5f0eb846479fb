import { z } from 'zod';
import { LIST_MAX } from '../rules/comparison.ts';
import { definePredicate } from './predicate.ts';
import { allOf, traitTest } from './trait-test.ts';
import { compared } from './words.ts';

const PARTS = ['device_type', 'os', 'browser'] as const;
const SAID = { device_type: 'device', os: 'operating system', browser: 'browser' } as const;
const names = z.array(z.string().min(1).max(200)).min(1).max(LIST_MAX).optional();

const body = z
  .strictObject({ predicate: z.literal('device'), device_type: names, os: names, browser: names })
  .refine((b) => PARTS.some((part) => b[part] !== undefined), `name one of ${PARTS.join(', ')}`);

export const device = definePredicate({
  name: 'device',
  title: 'Device',
  summary: 'Type of device, operating system and browser, as last seen; of each kind one of those listed.',
  schema: body,
  compile: (b) =>
    allOf(
      PARTS.flatMap((part) =>
        b[part] === undefined ? [] : [traitTest(`$${part}`, { op: 'in', value: b[part] })],
      ),
    ),
  describe: (b) =>
    PARTS.flatMap((part) =>
      b[part] === undefined ? [] : [`${SAID[part]} ${compared({ op: 'in', value: b[part] })}`],
    ).join(', '),
});
