import { Group, List, Stack, Text } from '@mantine/core';
import { type SensitivityReport, useSensitivity } from '../api/segment-validation.ts';
import { Estimate } from '../elements/estimate.tsx';
import { formatCounted } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

const MEASURES = { auc: 'chance to rank right (AUC)', cramers_v: 'association (Cramér’s V)' } as const;

/** Whether being in the segment uses, or gives away, what is nobody’s business. */
export function SensitivityPanel({ segment }: { readonly segment: string }) {
  const report = useSensitivity(segment);
  return <QueryState query={report}>{(data) => <Report report={data} />}</QueryState>;
}

function Report({ report }: { readonly report: SensitivityReport }) {
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Tag tone={report.needs_approval ? 'amber' : 'green'}>
          {report.needs_approval ? 'Needs an approval' : 'Nothing sensitive found'}
        </Tag>
        <Text size="sm" c="dimmed">
          Checked {formatCounted(report.checked.fields, 'field')} of the rule and{' '}
          {formatCounted(report.checked.traits.length, 'sensitive trait')}.
        </Text>
      </Group>
      {report.findings.length > 0 && <Findings findings={report.findings} />}
      {report.unchecked.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            Could not be checked
          </Text>
          <List size="sm">
            {report.unchecked.map(({ trait, reason }) => (
              <List.Item key={trait}>
                {trait}: {reason}
              </List.Item>
            ))}
          </List>
        </Stack>
      )}
    </Stack>
  );
}

function Findings({ findings }: Pick<SensitivityReport, 'findings'>) {
  return (
    <ScrollTable label="Findings" min_width={620}>
      <thead>
        <tr>
          <th>Field</th>
          <th>About</th>
          <th>How</th>
          <th>Why</th>
          <th data-number>Strength, 95 % interval</th>
        </tr>
      </thead>
      <tbody>
        {findings.map((finding) => (
          <tr key={`${finding.kind} ${finding.field}`}>
            <td className="pl-mono">{finding.field}</td>
            <td>{finding.about}</td>
            <td>{finding.kind === 'uses' ? 'The rule uses it' : 'Membership gives it away'}</td>
            <td>{finding.reason}</td>
            <td data-number title={finding.measure === null ? undefined : MEASURES[finding.measure]}>
              {finding.strength === null ? '–' : <Estimate {...finding.strength} as="number" />}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
