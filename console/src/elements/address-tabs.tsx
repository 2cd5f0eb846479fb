import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAddressState } from './address-state.ts';

interface Props {
  /** The first is shown when the address names none of them. */
  readonly tabs: readonly { readonly value: string; readonly label: string; readonly panel: ReactNode }[];
  /** What the choice is called in the address: `view` and `check` for tabs inside a tab. */
  readonly at?: 'tab' | 'view' | 'check';
}

/** Tabs whose choice lives in the address; only the chosen panel is there. Where they do not fit they scroll by themselves. */
export function AddressTabs({ tabs, at = 'tab' }: Props) {
  const [address, setAddress] = useAddressState();
  const chosen = tabs.find(({ value }) => value === address[at]) ?? tabs[0];
  return (
    <Tabs
      variant={at === 'check' ? 'pills' : 'default'}
      value={chosen?.value ?? null}
      onChange={(value) => setAddress({ [at]: value })}
      keepMounted={false}
    >
      <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, panel }) => (
        <Tabs.Panel key={value} value={value}>
          {panel}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
