import { Tabs } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { DriftReport } from './drift-report.tsx';
import { PlanEditor } from './plan-editor.tsx';
import { PlannedEvents } from './planned-events.tsx';
import { Releases } from './releases.tsx';
import { Violations } from './violations.tsx';

export const page: Page = {
  path: '/tracking-plan',
  title: 'Tracking plan',
  icon: IconChecklist,
  order: 30,
  section: 'Collect',
  shortcut: 't',
  component: TrackingPlanPage,
};

const TABS = [
  { value: 'events', label: 'Events', panel: PlannedEvents },
  { value: 'violations', label: 'Violations', panel: Violations },
  { value: 'drift', label: 'Drift', panel: DriftReport },
  { value: 'edit', label: 'Edit', panel: PlanEditor },
  { value: 'releases', label: 'Releases', panel: Releases },
] as const;

function TrackingPlanPage() {
  const [address, setAddress] = useAddressState();
  return (
    <>
      <PageHead
        title="Tracking plan"
        about="What each event should look like, and where what arrives differs from it."
      />
      <Tabs value={address['tab'] ?? 'events'} onChange={(tab) => setAddress({ tab })} keepMounted={false}>
        <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
          {TABS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, panel: Panel }) => (
          <Tabs.Panel key={value} value={value}>
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
