import { Button, Checkbox, Group, List, NumberInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Advice, type Situation, useAdvice } from '../api/segmentations.ts';
import { ErrorState } from '../elements/error-state.tsx';

const ANSWERS: Readonly<Record<Advice['advice'], string>> = {
  rules: 'Write rules.',
  clusters: 'Let segments be found.',
  both: 'Let segments be found, then write them down as rules.',
  wait: 'Wait until there is more to look at.',
};

const SPEAKS: Readonly<Record<Advice['reasons'][number]['speaks_for'], string>> = {
  rules: 'For rules',
  clusters: 'For finding them',
  wait: 'For waiting',
};

const QUESTIONS = [
  ['criteria_known', 'We can say who should be in a segment'],
  ['exploring', 'We want to learn what kinds of people there are'],
  ['must_be_explained', 'Somebody outside must understand why a person is in it'],
  ['realtime', 'Membership must follow what people do at once'],
] as const;

/** Rules or discovered segments: a few questions, an answer with its reasons. */
export function AdviceForm() {
  const advice = useAdvice();
  const [situation, setSituation] = useState<Situation>({
    people: 5_000,
    features: 4,
    criteria_known: false,
    must_be_explained: false,
    realtime: false,
    exploring: true,
    capacity: 5,
  });
  const set = (patch: Partial<Situation>) => setSituation({ ...situation, ...patch });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    advice.mutate(situation);
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm" maw={680}>
        {QUESTIONS.map(([key, label]) => (
          <Checkbox
            key={key}
            label={label}
            checked={situation[key]}
            onChange={(event) => set({ [key]: event.currentTarget.checked })}
          />
        ))}
        <Group gap="xs">
          <NumberInput
            label="People"
            min={0}
            w={120}
            thousandSeparator=","
            value={situation.people}
            onChange={(value) => set({ people: Number(value) })}
          />
          <NumberInput
            label="Things known of most of them"
            min={0}
            max={30}
            w={200}
            value={situation.features}
            onChange={(value) => set({ features: Number(value) })}
          />
          <NumberInput
            label="Segments we can treat differently"
            min={1}
            max={50}
            w={220}
            value={situation.capacity}
            onChange={(value) => set({ capacity: Math.max(1, Number(value)) })}
          />
        </Group>
        <Button type="submit" loading={advice.isPending} style={{ alignSelf: 'flex-start' }}>
          Ask
        </Button>
        {advice.isError && <ErrorState error={advice.error} />}
        {advice.data !== undefined && (
          <Stack className="pl-panel" p="sm" gap="xs" role="status">
            <Title order={2}>{ANSWERS[advice.data.advice]}</Title>
            <List size="sm" spacing={4}>
              {advice.data.reasons.map(({ speaks_for, reason }) => (
                <List.Item key={reason}>
                  <Text span c="dimmed" inherit>
                    {SPEAKS[speaks_for]}:
                  </Text>{' '}
                  {reason}
                </List.Item>
              ))}
            </List>
          </Stack>
        )}
      </Stack>
    </form>
  );
}
