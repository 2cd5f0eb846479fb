import { Stack, Text, Textarea } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { RuleProblem } from '../api/segment-rules.ts';

interface Props {
  readonly rule: unknown;
  readonly problems: readonly RuleProblem[];
  readonly onChange: (rule: unknown) => void;
}

/** The rule as YAML; JSON is YAML too. What cannot be read stays on the screen and changes nothing. */
export function RuleText({ rule, problems, onChange }: Props) {
  const [text, setText] = useState('');
  const [mistake, setMistake] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: written once, when the text is opened; then the text leads
  useEffect(() => {
    void import('yaml').then(({ stringify }) => setText(stringify(rule, { lineWidth: 100 })));
  }, []);
  const edit = async (next: string) => {
    setText(next);
    try {
      const { parse } = await import('yaml');
      const value: unknown = parse(next);
      if (typeof value !== 'object' || value === null)
        throw new Error('The rule is one object: all, any, not or a predicate.');
      setMistake('');
      onChange(value);
    } catch (error) {
      setMistake(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Stack gap="xs">
      <Textarea
        aria-label="The rule as YAML"
        className="pl-editor"
        autosize
        minRows={10}
        maxRows={30}
        spellCheck={false}
        value={text}
        error={mistake === '' ? undefined : mistake}
        onChange={(event) => void edit(event.currentTarget.value)}
      />
      {problems.map((problem) => (
        <Text key={`${problem.field}${problem.message}`} size="sm" c="var(--pl-red)">
          <span className="pl-mono">{problem.field}</span>: {problem.message}
        </Text>
      ))}
    </Stack>
  );
}
