import { AddressTabs } from '../elements/address-tabs.tsx';
import { ExclusionPanel } from './exclusion-panel.tsx';
import { LiftPanel } from './lift-panel.tsx';
import { ListPanel } from './list-panel.tsx';
import { MessageTestPanel } from './message-test-panel.tsx';
import { RetentionPanel } from './retention-panel.tsx';
import { SensitivityPanel } from './sensitivity-panel.tsx';

/** Holds a segment against what is known otherwise. `check` in the address is the tab. */
export function SegmentValidation({ segment }: { readonly segment: string }) {
  return (
    <AddressTabs
      key={segment}
      at="check"
      tabs={[
        { value: 'list', label: 'Against a list', panel: <ListPanel segment={segment} /> },
        { value: 'lift', label: 'Against others', panel: <LiftPanel segment={segment} /> },
        { value: 'retention', label: 'Week by week', panel: <RetentionPanel segment={segment} /> },
        { value: 'exclusion', label: 'If left out', panel: <ExclusionPanel segment={segment} /> },
        { value: 'message', label: 'By a message test', panel: <MessageTestPanel segment={segment} /> },
        { value: 'sensitivity', label: 'Sensitive fields', panel: <SensitivityPanel segment={segment} /> },
      ]}
    />
  );
}
