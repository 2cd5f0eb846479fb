import { Button, Group, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { type Definition, useApply, useDefinition, usePlanChange } from '../api/definitions.ts';
import { useMayEdit } from '../api/session.ts';
import { useTrackingPlans } from '../api/tracking-plans.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { readDefinitionText, STARTER, writeDefinitionText } from './definition-text.ts';
import { PlanDiff } from './plan-diff.tsx';

const KIND = 'tracking-plan';

/** Choose a plan, edit its text, look at the difference, release it. */
export function PlanEditor() {
  const plans = useTrackingPlans();
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <QueryState query={plans}>
      {(list) => {
        const name = chosen ?? list[0]?.name ?? '';
        return (
          <Stack gap="sm">
            <Group gap="xs" align="flex-end">
              {list.length > 0 && (
                <Select
                  label="Plan"
                  allowDeselect={false}
                  data={[...list.map((plan) => plan.name), { value: '', label: 'New plan…' }]}
                  value={name}
                  onChange={(value) => setChosen(value ?? '')}
                />
              )}
            </Group>
            <Loaded key={name} name={name} />
          </Stack>
        );
      }}
    </QueryState>
  );
}

function Loaded({ name }: { readonly name: string }) {
  const definition = useDefinition(KIND, name);
  if (name === '') return <Editor name="" body={null} />;
  return (
    <QueryState query={definition}>{(found) => <Editor name={name} body={found?.body ?? null} />}</QueryState>
  );
}

function Editor({ name: given, body }: { readonly name: string; readonly body: unknown }) {
  const may_edit = useMayEdit();
  const [name, setName] = useState(given === '' ? 'shop' : given);
  const [format, setFormat] = useState<'yaml' | 'json'>('yaml');
  const [text, setText] = useState('');
  const [mistake, setMistake] = useState('');
  const plan = usePlanChange();

  useEffect(() => {
    if (body === null) setText(STARTER);
    else void writeDefinitionText(body, 'yaml').then(setText);
  }, [body]);

  const edit = (next: string) => {
    setText(next);
    setMistake('');
    plan.reset();
  };
  const switchFormat = async (next: 'yaml' | 'json') => {
    try {
      edit(await writeDefinitionText(await readDefinitionText(text), next));
      setFormat(next);
    } catch (error) {
      setMistake(messageOf(error));
    }
  };
  const compare = async () => {
    try {
      plan.mutate([{ kind: KIND, name, body: await readDefinitionText(text) }]);
    } catch (error) {
      setMistake(messageOf(error));
    }
  };
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        {given === '' && (
          <TextInput
            label="Name of the plan"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <SegmentedControl
          aria-label="Format"
          data={[
            { value: 'yaml', label: 'YAML' },
            { value: 'json', label: 'JSON' },
          ]}
          value={format}
          onChange={(value) => void switchFormat(value as 'yaml' | 'json')}
        />
      </Group>
      <Textarea
        aria-label="Text of the plan"
        className="pl-editor"
        autosize
        minRows={14}
        maxRows={30}
        spellCheck={false}
        value={text}
        onChange={(event) => edit(event.currentTarget.value)}
        error={mistake === '' ? undefined : mistake}
      />
      <Group gap="xs">
        <Button onClick={() => void compare()} loading={plan.isPending} disabled={name.trim() === ''}>
          Check and compare
        </Button>
        <Text size="sm" c="dimmed">
          Nothing changes before you release.
        </Text>
      </Group>
      {plan.isError && <ErrorState error={plan.error} />}
      {plan.data !== undefined && plan.variables !== undefined && (
        <PlanDiff plan={plan.data}>
          <ReleaseForm definitions={plan.variables} disabled={!may_edit} onReleased={plan.reset} />
        </PlanDiff>
      )}
    </Stack>
  );
}

interface ReleaseProps {
  readonly definitions: readonly Definition[];
  readonly disabled: boolean;
  readonly onReleased: () => void;
}

function ReleaseForm({ definitions, disabled, onReleased }: ReleaseProps) {
  const apply = useApply();
  const [message, setMessage] = useState('');
  const release = () =>
    apply.mutate(
      { definitions, message: message.trim() },
      {
        onSuccess: (answer) => {
          notifications.show({ message: `Release ${answer.release.id} is live.` });
          onReleased();
        },
      },
    );
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <TextInput
          label="What changes, in a sentence"
          style={{ flex: '1 1 220px' }}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Button onClick={release} loading={apply.isPending} disabled={disabled || message.trim() === ''}>
          Release
        </Button>
      </Group>
      {apply.isError && <ErrorState error={apply.error} />}
    </Stack>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
