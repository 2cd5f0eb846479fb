import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { GraphDrop, GraphNode, IdentityGraph } from '../api/identity.ts';
import { useSourceName } from '../api/sources.ts';
import { formatCount } from '../elements/number-format.ts';
import { RelativeTime } from '../elements/relative-time.tsx';
import { causeWords, dropWords } from './drop-words.ts';
import { typeWords } from './identifier-types.ts';
import { LinkAgain } from './link-again.tsx';
import { UnmergeButton } from './unmerge-button.tsx';

interface Props {
  readonly graph: IdentityGraph;
  /** Id of a box of the drawing. */
  readonly selected: string;
}

/** The identifier that was chosen in the drawing: its links, or why it is not in. */
export function GraphDetail({ graph, selected }: Props) {
  if (selected === '') {
    return (
      <Text size="sm" c="dimmed">
        Choose an identifier to see its links and to take it out.
      </Text>
    );
  }
  const node = graph.nodes.find((each) => each.node === selected);
  const drops = graph.drops.filter(
    (drop) =>
      `out ${drop.node}` === selected || `person ${drop.other_person}` === selected || drop.node === selected,
  );
  return (
    <Stack className="pl-panel" p="md" gap="sm" aria-live="polite">
      {node !== undefined && <Inside graph={graph} node={node} />}
      {drops.map((drop) => (
        <Dropped key={`${drop.node}${drop.other_person}${drop.rule}`} graph={graph} drop={drop} />
      ))}
    </Stack>
  );
}

function Inside({ graph, node }: { readonly graph: IdentityGraph; readonly node: GraphNode }) {
  const sourceName = useSourceName();
  const name = new Map(graph.nodes.map((each) => [each.node, each]));
  const links = graph.edges.filter((edge) => edge.from === node.node || edge.to === node.node);
  return (
    <>
      <Group justify="space-between" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Title order={3}>{typeWords(node.type)}</Title>
          <Text size="sm" className="pl-mono" style={{ overflowWrap: 'anywhere' }}>
            {node.value}
          </Text>
        </div>
        {graph.nodes.length > 1 && !graph.masked && (
          <UnmergeButton
            what={{ identifier: { type: node.type, value: node.value } }}
            words={`${typeWords(node.type)} ${node.value}`}
            again={{ type: node.type, value: node.value }}
            rest={graph.nodes.find((each) => each !== node)}
          />
        )}
      </Group>
      <dl className="pl-facts">
        <dt>First seen</dt>
        <dd>
          {node.first_seen === null ? (
            'only named by an alias or a decision'
          ) : (
            <RelativeTime at={node.first_seen} />
          )}
        </dd>
        <dt>Last seen</dt>
        <dd>
          <RelativeTime at={node.last_seen} />
        </dd>
        <dt>Events</dt>
        <dd>{formatCount(node.events)}</dd>
        {node.shared_from !== null && (
          <>
            <dt>Shared device</dt>
            <dd>
              Several people use it. Since <RelativeTime at={node.shared_from} /> its anonymous events count
              for somebody else.
            </dd>
          </>
        )}
        {node.learned && (
          <>
            <dt>Too common</dt>
            <dd>Seen with so many others that it joins nobody any more.</dd>
          </>
        )}
      </dl>
      {links.length > 0 && (
        <Stack gap={4}>
          <Title order={3}>Linked with</Title>
          {links.map((edge) => {
            const other = name.get(edge.from === node.node ? edge.to : edge.from);
            return (
              <Text
                key={`${edge.from}${edge.to}`}
                size="sm"
                style={{ overflowWrap: 'anywhere' }}
                component="div"
              >
                {other === undefined ? '' : `${typeWords(other.type)} ${other.value}`}: {timesOf(edge)}, first
                by {causeWords(edge.cause)}
                {(edge.cause === 'link' || edge.cause === 'match') &&
                  edge.message_id !== '' &&
                  ` (${edge.message_id})`}
                {edge.source_id !== '' && ` from ${sourceName(edge.source_id)}`}{' '}
                <RelativeTime at={edge.first_seen} />
              </Text>
            );
          })}
        </Stack>
      )}
    </>
  );
}

export function timesOf(edge: { readonly events: number | null; readonly observations: number }): string {
  if (edge.events !== null)
    return edge.events === 1 ? 'on one event' : `on ${formatCount(edge.events)} events`;
  return edge.observations === 1
    ? 'seen together'
    : `seen together in ${formatCount(edge.observations)} ways`;
}

function Dropped({ graph, drop }: { readonly graph: IdentityGraph; readonly drop: GraphDrop }) {
  const mine = drop.person === graph.person;
  const other = mine ? drop.other_person : drop.person;
  return (
    <Stack gap={4}>
      <Title order={3}>{mine ? 'Did not join another person' : 'Did not join this person'}</Title>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }} component="div">
        {typeWords(drop.type)} {drop.value}: {dropWords(drop.rule)}, <RelativeTime at={drop.at} />.
      </Text>
      <Group gap="xs">
        <Anchor component={Link} to="/people" search={{ open: other, tab: 'identity' } as never} size="sm">
          Open the other person
        </Anchor>
        {drop.rule === 'unmerged' && !mine && !graph.masked && (
          <LinkAgain identifiers={[graph.leading, { type: drop.type, value: drop.value }]} />
        )}
      </Group>
    </Stack>
  );
}
