import { Stack, Tabs } from '@mantine/core';
import { useAddressState } from '../elements/address-state.ts';
import { ExclusionPanel } from './exclusion-panel.tsx';
import { LiftPanel } from './lift-panel.tsx';
import { ListPanel } from './list-panel.tsx';
import { MessageTestPanel } from './message-test-panel.tsx';
import { RetentionPanel } from './retention-panel.tsx';
import { SensitivityPanel } from './sensitivity-panel.tsx';

const CHECKS = [
  { value: 'list', label: 'Against a list', panel: ListPanel },
  { value: 'lift', label: 'Against others', panel: LiftPanel },
  { value: 'retention', label: 'Week by week', panel: RetentionPanel },
  { value: 'exclusion', label: 'If left out', panel: ExclusionPanel },
  { value: 'message', label: 'By a message test', panel: MessageTestPanel },
  { value: 'sensitivity', label: 'Sensitive fields', panel: SensitivityPanel },
] as const;

/** Holds a segment against what is known otherwise. `check` in the address is the tab. */
export function SegmentValidation({ segment }: { readonly segment: string }) {
  const [address, setAddress] = useAddressState();
  return (
    <Stack gap="sm">
      <Tabs
        variant="pills"
        value={address['check'] ?? 'list'}
        onChange={(check) => setAddress({ check })}
        keepMounted={false}
      >
        <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
          {CHECKS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {CHECKS.map(({ value, panel: Panel }) => (
          <Tabs.Panel key={value} value={value}>
            <Panel key={segment} segment={segment} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}
