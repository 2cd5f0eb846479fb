import { Anchor, Button, Group, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type DecideInput, type SetDecision, useDecideSet } from '../api/segment-sets.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { parseIdentifier } from '../people/identifier-text.tsx';

/** Asks the set about one person, or about a newcomer of whom only a few facts are known. */
export function SetTrial({ name }: { readonly name: string }) {
  const decide = useDecideSet(name);
  const [kind, setKind] = useState<'person' | 'newcomer'>('person');
  const [who, setWho] = useState('');
  const [facts, setFacts] = useState({ country: '', referrer: '', device: '' });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate(kind === 'person' ? whoOf(who) : { facts: filled(facts) });
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm" maw={720}>
        <SegmentedControl
          aria-label="Who"
          style={{ alignSelf: 'flex-start' }}
          data={[
            { value: 'person', label: 'A known person' },
            { value: 'newcomer', label: 'Somebody new' },
          ]}
          value={kind}
          onChange={(value) => setKind(value === 'newcomer' ? 'newcomer' : 'person')}
        />
        {kind === 'person' ? (
          <TextInput
            label="Person"
            description="An identifier as type:value, for example user_id:42; or the id of a person."
            placeholder="user_id:42"
            value={who}
            onChange={(event) => setWho(event.currentTarget.value)}
          />
        ) : (
          <Group gap="xs">
            {FACTS.map(([key, label, placeholder]) => (
              <TextInput
                key={key}
                label={label}
                placeholder={placeholder}
                value={facts[key]}
                onChange={(event) => setFacts({ ...facts, [key]: event.currentTarget.value })}
              />
            ))}
          </Group>
        )}
        <Button
          type="submit"
          style={{ alignSelf: 'flex-start' }}
          loading={decide.isPending}
          disabled={kind === 'person' && who.trim() === ''}
        >
          Decide
        </Button>
        {decide.isError && <ErrorState error={decide.error} />}
        {decide.data !== undefined && <Decided decision={decide.data} />}
      </Stack>
    </form>
  );
}

const FACTS = [
  ['country', 'Country', 'DE'],
  ['referrer', 'Came from', 'google.com'],
  ['device', 'Device', 'mobile'],
] as const;

function whoOf(text: string): DecideInput {
  const clean = text.trim();
  if (/^[0-9a-f]{16}$/.test(clean)) return { person: clean };
  const { type, value } = parseIdentifier(clean);
  return { identifier: { type: type || 'user_id', value } };
}

const filled = (facts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value.trim() !== ''));

function Decided({ decision }: { readonly decision: SetDecision }) {
  return (
    <Stack className="pl-panel" p="sm" gap="xs" role="status">
      <Title order={2}>{decision.segment ?? 'In none'}</Title>
      {decision.path.length > 1 && <Text size="sm">{decision.path.join(' › ')}</Text>}
      <Text size="sm">{decision.why}</Text>
      {decision.memberships.map((membership) => (
        <Text key={membership.segment} size="sm" c="dimmed">
          In {membership.segment}, entered <RelativeTime at={membership.since} />
        </Text>
      ))}
      {decision.person !== null && (
        <Anchor component={Link} to="/people" search={{ open: decision.person } as never} size="sm">
          Open the person
        </Anchor>
      )}
    </Stack>
  );
}
