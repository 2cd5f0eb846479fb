import { Group, NumberInput, Stack, Switch, TextInput, Title } from '@mantine/core';
import type { IdentityRules } from './rules-body.ts';

interface Props {
  readonly rules: IdentityRules;
  readonly onChange: (patch: Partial<IdentityRules>) => void;
}

export function GeneralRules({ rules, onChange }: Props) {
  const learned = rules.learned ?? { user_ids: 50, others: 1_000 };
  return (
    <Stack className="pl-panel" p="md" gap="sm">
      <Title order={2}>For all of them</Title>
      <Group gap="md" align="flex-start">
        <TextInput
          label="Calling code of numbers without one"
          description="49 for Germany; empty for none"
          w={270}
          value={rules.phone_country_code ?? ''}
          onChange={(event) =>
            onChange({ phone_country_code: event.currentTarget.value.replaceAll(/\D/g, '') })
          }
        />
        <NumberInput
          label="Too common from user ids"
          description="Seen with more than this, it joins nobody"
          w={250}
          min={2}
          value={learned.user_ids}
          onChange={(next) =>
            onChange({
              learned: { ...learned, user_ids: typeof next === 'number' ? next : learned.user_ids },
            })
          }
        />
        <NumberInput
          label="Too common from other identifiers"
          description="A shared mailbox, a test device"
          w={250}
          min={10}
          value={learned.others}
          onChange={(next) =>
            onChange({ learned: { ...learned, others: typeof next === 'number' ? next : learned.others } })
          }
        />
      </Group>
      <Switch
        label="Block what senders write when they know nobody: null, guest, zeros"
        checked={rules.block_junk !== false}
        onChange={(event) => onChange({ block_junk: event.currentTarget.checked })}
      />
    </Stack>
  );
}
