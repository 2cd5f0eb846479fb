import { Group, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { readDefinitionText, writeDefinitionText } from './definition-text.ts';
import { NewestDefinition } from './newest-definition.tsx';
import { ReleasePanel } from './release-panel.tsx';

interface Props {
  readonly kind: string;
  /** Empty: a new one, named by the person. */
  readonly name: string;
  /** What it is called: 'rules', 'plan'. */
  readonly noun: string;
  /** YAML that a new one begins with, and what it is called unless the person says otherwise. */
  readonly starter: { readonly name: string; readonly text: string };
  readonly onReleased: (name: string) => void;
}

/** Text of a definition: edit it, look at the difference to what runs, release it. */
export function DefinitionEditor(props: Props) {
  return (
    <NewestDefinition kind={props.kind} name={props.name}>
      {(body) => <Editor {...props} body={body} />}
    </NewestDefinition>
  );
}

function Editor({
  kind,
  noun,
  starter,
  body: initial,
  onReleased,
  ...props
}: Props & { readonly body: unknown }) {
  const [name, setName] = useState(props.name || starter.name);
  const [format, setFormat] = useState<'yaml' | 'json'>('yaml');
  const [text, setText] = useState('');
  const { body, mistake } = useReading(text);

  // biome-ignore lint/correctness/useExhaustiveDependencies: written once, when the text is opened; then the text leads
  useEffect(() => {
    if (initial === null) setText(starter.text);
    else void writeDefinitionText(initial, 'yaml').then(setText);
  }, []);

  const switchFormat = async (next: 'yaml' | 'json') => {
    if (mistake !== '') return;
    setText(await writeDefinitionText(body, next));
    setFormat(next);
  };
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        {props.name === '' && (
          <TextInput
            label={`Name of the ${noun}`}
            description="Lower-case letters, digits, _ and -"
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
        onChange={(event) => setText(event.currentTarget.value)}
        error={mistake === '' ? undefined : mistake}
      />
      <ReleasePanel
        definition={{ kind, name: name.trim(), body }}
        hint={mistake === '' ? '' : 'Correct the text first.'}
        onReleased={() => onReleased(name.trim())}
      />
    </Stack>
  );
}

/** What the text says, or why it cannot be read; what was read before stays until then. */
function useReading(text: string): { readonly body: unknown; readonly mistake: string } {
  const [read, setRead] = useState<{ body: unknown; mistake: string }>({ body: {}, mistake: '' });
  useEffect(() => {
    let current = true;
    const settle = (next: { body: unknown; mistake: string }) => current && setRead(next);
    // Nothing is there before the text is written: no mistake of the person's.
    (text === '' ? Promise.resolve({}) : readDefinitionText(text)).then(
      (body) => settle({ body, mistake: '' }),
      (error: unknown) =>
        settle({ body: {}, mistake: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      current = false;
    };
  }, [text]);
  return read;
}
