import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { IdentityChange } from '../api/identity.ts';
import { useSourceName } from '../api/sources.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';
import { causeWords, decisionWords, dropWords } from './drop-words.ts';
import { parseIdentifier } from './identifier-text.tsx';
import { typeWords } from './identifier-types.ts';
import { UnmergeButton } from './unmerge-button.tsx';

export const KINDS: Readonly<
  Record<IdentityChange['what'], { readonly words: string; readonly tone: Tone }>
> = {
  merge: { words: 'Joined', tone: 'green' },
  split: { words: 'Parted', tone: 'amber' },
  drop: { words: 'Not joined', tone: 'grey' },
  share: { words: 'Shared device', tone: 'blue' },
  block: { words: 'Too common', tone: 'grey' },
};

interface Props {
  readonly changes: readonly IdentityChange[];
  /** Whose page it is; empty on the list of everybody's. */
  readonly person: string;
}

/** Merges, splits and refusals with their cause. */
export function ChangeList({ changes, person }: Props) {
  const sourceName = useSourceName();
  if (changes.length === 0)
    return (
      <EmptyNote title="Nothing was joined or parted">Every change is listed here with its cause.</EmptyNote>
    );
  return (
    <ScrollTable label="Joined and parted" min_width={780}>
      <thead>
        <tr>
          <th>When</th>
          <th>What</th>
          <th>Identifiers</th>
          <th>Because of</th>
          <th>With</th>
          <th>
            <span className="pl-hidden">Undo</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.change_id}>
            <td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime at={change.at} />
            </td>
            <td>
              <Tag tone={KINDS[change.what].tone}>{KINDS[change.what].words}</Tag>
            </td>
            <td style={{ maxWidth: 320, overflowWrap: 'anywhere' }}>
              {change.identifiers.slice(0, 3).map(inWords).join(', ')}
              {change.identifiers.length > 3 && ` and ${change.identifiers.length - 3} more`}
            </td>
            <td>
              {causeWords(change.cause)}
              {change.source_id !== '' && ` from ${sourceName(change.source_id)}`}
              {change.rule !== '' && (
                <Text size="xs" c="dimmed">
                  {dropWords(change.rule)}
                </Text>
              )}
              {decisionWords(change) !== '' && (
                <Text size="xs" c="dimmed">
                  {decisionWords(change)}
                </Text>
              )}
            </td>
            <td>
              <Other change={change} person={person} />
            </td>
            <td>
              {change.what === 'merge' && (
                <UnmergeButton
                  what={{ change_id: change.change_id }}
                  words={change.identifiers.map(inWords).join(', ') || 'What was joined'}
                  again={undefined}
                  rest={undefined}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function inWords(text: string): string {
  const { type, value } = parseIdentifier(text);
  return `${typeWords(type)} ${value}`;
}

function Other({ change, person }: { readonly change: IdentityChange; readonly person: string }) {
  const other = change.to_person === person ? change.from_person : change.to_person;
  if (other === person) return null;
  return (
    <Anchor
      component={Link}
      to="/people"
      search={{ open: other, tab: 'identity' } as never}
      size="sm"
      className="pl-mono"
    >
      {other}
    </Anchor>
  );
}
