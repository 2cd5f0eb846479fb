import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useDefinition, usePlanChange } from '../api/definitions.ts';
import { useMayEdit } from '../api/session.ts';
import { readDefinitionText, writeDefinitionText } from '../tracking-plan/definition-text.ts';
import { PlanDiff } from '../tracking-plan/plan-diff.tsx';
import { ErrorState } from './error-state.tsx';
import { QueryState } from './query-state.tsx';
import { ReleaseForm } from './release-form.tsx';

interface Props {
  readonly kind: string;
  /** Empty: a new one, named by the person. */
  readonly name: string;
  /** What it is called: 'rules', 'segmentation'. */
  readonly noun: string;
  /** YAML that a new one begins with. */
  readonly starter: string;
  readonly onReleased?: (name: string) => void;
}

/** Text of a definition: edit it, look at the difference to what runs, release it. */
export function DefinitionEditor(props: Props) {
  const definition = useDefinition(props.kind, props.name);
  if (props.name === '') return <Editor {...props} body={null} />;
  return (
    <QueryState query={definition}>{(found) => <Editor {...props} body={found?.body ?? null} />}</QueryState>
  );
}

function Editor(props: Props & { readonly body: unknown }) {
  const { kind, noun, body, starter } = props;
  const may_edit = useMayEdit();
  const [name, setName] = useState(props.name);
  const [format, setFormat] = useState<'yaml' | 'json'>('yaml');
  const [text, setText] = useState('');
  const [mistake, setMistake] = useState('');
  const plan = usePlanChange();

  useEffect(() => {
    if (body === null) setText(starter);
    else void writeDefinitionText(body, 'yaml').then(setText);
  }, [body, starter]);

  const edit = (next: string) => {
    setText(next);
    setMistake('');
    plan.reset();
  };
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      setMistake(error instanceof Error ? error.message : String(error));
    }
  };
  const switchFormat = (next: 'yaml' | 'json') =>
    attempt(async () => {
      edit(await writeDefinitionText(await readDefinitionText(text), next));
      setFormat(next);
    });
  const compare = () =>
    attempt(async () => plan.mutate([{ kind, name, body: await readDefinitionText(text) }]));
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        {props.name === '' && (
          <TextInput
            label={`Name of the ${noun}`}
            description="Lower-case letters, digits, _ and -"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              plan.reset();
            }}
          />
        )}
        <SegmentedControl
          aria-label="Format"
          data={[
            { value: 'yaml', label: 'YAML' },
            { value: 'json', label: 'JSON' },
          ]}
          value={format}
          onChange={(value) => void switchFormat(value === 'json' ? 'json' : 'yaml')}
        />
      </Group>
      <Textarea
        aria-label={`Text of the ${noun}`}
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
          <ReleaseForm
            definitions={plan.variables}
            disabled={!may_edit}
            onReleased={() => {
              plan.reset();
              props.onReleased?.(name);
            }}
          />
        </PlanDiff>
      )}
    </Stack>
  );
}
