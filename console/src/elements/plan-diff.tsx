import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Change, Plan } from '../api/definitions.ts';
import { ScrollTable } from './scroll-table.tsx';

const WORDS: Record<Change['change'], string> = {
  create: 'will be created',
  update: 'will be changed',
  remove: 'will be removed',
  none: 'stays as it is',
};

/** Problems first; without any, the difference and then `children`, the way to release it. */
export function PlanDiff({ plan, children }: { readonly plan: Plan; readonly children?: ReactNode }) {
  if (plan.problems.length > 0) {
    return (
      <Stack className="pl-panel" p="md" gap="xs" role="alert">
        <Text fw={600}>
          {plan.problems.length === 1 ? 'One problem' : `${plan.problems.length} problems`} to solve first
        </Text>
        {plan.problems.map((problem) => (
          <Text key={`${problem.field}${problem.message}`} size="sm">
            <span className="pl-mono">{problem.field}</span>: {problem.message}
          </Text>
        ))}
      </Stack>
    );
  }
  const changes = plan.changes.filter((change) => change.change !== 'none');
  if (changes.length === 0) {
    return (
      <Text size="sm" role="status">
        This is exactly what is released already.
      </Text>
    );
  }
  return (
    <Stack className="pl-panel" p="md" gap="md" role="status">
      {changes.map((change) => (
        <ChangeDiff key={`${change.kind}${change.name}`} change={change} />
      ))}
      {children}
    </Stack>
  );
}

export function ChangeDiff({ change }: { readonly change: Change }) {
  const diff = change.diff ?? [];
  return (
    <Stack gap="xs">
      <Title order={3}>
        {change.name} {WORDS[change.change]}
      </Title>
      {diff.length > 0 && (
        <ScrollTable label={`Changes to ${change.name}`} min_width={520} max_height="360px">
          <thead>
            <tr>
              <th>Where</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {diff.map((line) => (
              <tr key={line.path}>
                <td className="pl-mono">{line.path}</td>
                <td className="pl-mono pl-diff-before">{asText(line.before)}</td>
                <td className="pl-mono pl-diff-after">{asText(line.after)}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Stack>
  );
}

function asText(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
