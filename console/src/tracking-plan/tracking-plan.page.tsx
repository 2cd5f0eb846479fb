import { IconChecklist } from '@tabler/icons-react';
import { AddressTabs } from '../elements/address-tabs.tsx';
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
  { value: 'events', label: 'Events', panel: <PlannedEvents /> },
  { value: 'violations', label: 'Violations', panel: <Violations /> },
  { value: 'drift', label: 'Drift', panel: <DriftReport /> },
  { value: 'edit', label: 'Edit', panel: <PlanEditor /> },
  { value: 'releases', label: 'Releases', panel: <Releases /> },
];

function TrackingPlanPage() {
  return (
    <>
      <PageHead
        title="Tracking plan"
        about="What each event should look like, and where what arrives differs from it."
      />
      <AddressTabs tabs={TABS} />
    </>
  );
}
