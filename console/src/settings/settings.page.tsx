import { IconSettings } from '@tabler/icons-react';
import { AddressTabs } from '../elements/address-tabs.tsx';
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
  { value: 'password', label: 'Password', panel: <PasswordForm /> },
  { value: 'people', label: 'People', panel: <Users /> },
  { value: 'tokens', label: 'API tokens', panel: <Tokens /> },
  { value: 'audit', label: 'Audit', panel: <AuditList /> },
];

function SettingsPage() {
  return (
    <>
      <PageHead
        title="Settings"
        about="Your password, who may sign in, tokens for programs, and who changed what."
      />
      <AddressTabs tabs={TABS} />
    </>
  );
}
