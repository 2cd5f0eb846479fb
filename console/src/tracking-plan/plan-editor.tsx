import { Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTrackingPlans } from '../api/tracking-plans.ts';
import { DefinitionEditor } from '../elements/definition-editor.tsx';
import { Drafts } from '../elements/drafts.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { PLAN_STARTER } from './plan-starter.ts';

/** Choose a plan, edit its text, look at the difference, release it. */
export function PlanEditor() {
  const plans = useTrackingPlans();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <QueryState query={plans}>
      {(list) => {
        const name = chosen ?? list[0]?.name ?? '';
        const names = new Set([...list.map((plan) => plan.name), ...(name === '' ? [] : [name])]);
        return (
          <Stack gap="sm">
            <Drafts kind="tracking-plan" onOpen={setChosen} />
            {names.size > 0 && (
              <Select
                label="Plan"
                style={{ alignSelf: 'flex-start' }}
                allowDeselect={false}
                data={[...names, { value: '', label: 'New plan…' }]}
                value={name}
                onChange={(value) => setChosen(value ?? '')}
              />
            )}
            <DefinitionEditor
              key={name}
              kind="tracking-plan"
              name={name}
              noun="plan"
              starter={{ name: 'shop', text: PLAN_STARTER }}
              onReleased={setChosen}
            />
          </Stack>
        );
      }}
    </QueryState>
  );
}
