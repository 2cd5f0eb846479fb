import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsePlan } from './plan-body.ts';
import { trackingPlanKind } from './tracking-plan-kind.ts';

test('the example plan of the shop is sound and names every event that the shop sends', () => {
  const path = new URL('../../../examples/shop/tracking-plan.yaml', import.meta.url);
  const definition = parse(readFileSync(path, 'utf8')) as { kind: string; name: string; body: unknown };
  expect(definition).toMatchObject({ kind: trackingPlanKind.kind, name: 'shop' });
  expect(trackingPlanKind.check(definition.body, 'shop')).toEqual([]);
  const parsed = parsePlan(definition.body);
  const events = parsed.is === 'plan' ? parsed.plan.events : [];
  expect(
    events
      .filter((one) => one.type === 'track')
      .map((one) => one.event)
      .sort(),
  ).toEqual([
    'Cart Viewed',
    'Checkout Started',
    'Coupon Applied',
    'Email Clicked',
    'Email Opened',
    'Order Completed',
    'Order Refunded',
    'Payment Info Entered',
    'Product Added',
    'Product List Viewed',
    'Product Removed',
    'Product Viewed',
    'Products Searched',
    'Promotion Clicked',
    'Promotion Viewed',
    'Review Submitted',
    'Signed In',
    'Signed Out',
    'Signed Up',
    'Store Purchase',
  ]);
});
