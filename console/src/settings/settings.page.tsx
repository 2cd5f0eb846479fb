import { Tabs } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { AuditList } from './audit-list.tsx';
import { PasswordForm } from './password-form.tsx';
import { Tokens } from './tokens.tsx';
import { Users } from './users.tsx';

export const page: Page = {
  path: '/settings',
  title: 'Settings',
  icon: IconSettings,
  order: 100,
  section: 'Operate',
  shortcut: ',',
  component: SettingsPage,
};

const TABS = [
  { value: 'password', label: 'Password', panel: PasswordForm },
  { value: 'people', label: 'People', panel: Users },
  { value: 'tokens', label: 'API tokens', panel: Tokens },
  { value: 'audit', label: 'Audit', panel: AuditList },
] as const;

function SettingsPage() {
  const [address, setAddress] = useAddressState();
  return (
    <>
      <PageHead
        title="Settings"
        about="Your password, who may sign in, tokens for programs, and who changed what."
      />
      <Tabs value={address['tab'] ?? 'password'} onChange={(tab) => setAddress({ tab })} keepMounted={false}>
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
