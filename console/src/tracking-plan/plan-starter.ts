/** A plan that works, for a new one to begin with. */
export const PLAN_STARTER = `description: What our shop sends.
on_violation: quarantine
events:
  - event: Order Completed
    type: track
    version: '1'
    schema:
      type: object
      required: [order_id, total, currency]
      properties:
        order_id: { type: string }
        total: { type: number, minimum: 0 }
        currency: { type: string, pattern: '^[A-Z]{3}$' }
`;
