import { Stack } from '@mantine/core';
import type { IdentityGraph } from '../api/identity.ts';
import { useSourceName } from '../api/sources.ts';
import { formatCount } from '../elements/number-format.ts';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { causeWords, dropWords } from './drop-words.ts';
import { timesOf } from './graph-detail.tsx';
import { IdentifierText } from './identifier-text.tsx';
import { typeWords } from './identifier-types.ts';
import { LinkAgain } from './link-again.tsx';
import { UnmergeButton } from './unmerge-button.tsx';

/** The drawing as tables: identifiers, their links, and what did not join. */
export function IdentityTable({ graph }: { readonly graph: IdentityGraph }) {
  return (
    <Stack gap="sm">
      <Identifiers graph={graph} />
      <Links graph={graph} />
      {graph.drops.length > 0 && <Drops graph={graph} />}
    </Stack>
  );
}

function Identifiers({ graph }: { readonly graph: IdentityGraph }) {
  return (
    <ScrollTable label="Identifiers" min_width={680}>
      <thead>
        <tr>
          <th>Identifier</th>
          <th>Type</th>
          <th>First seen</th>
          <th>Last seen</th>
          <th data-number>Events</th>
          <th>
            <span className="pl-hidden">Take out</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {graph.nodes.map((node) => (
          <tr key={node.node}>
            <td style={{ maxWidth: 300 }}>
              <IdentifierText identifier={{ ...node, masked: graph.masked }} />
            </td>
            <td>
              {typeWords(node.type)} {node.leading && <Tag tone="blue">leading</Tag>}
              {(node.shared_from !== null || node.twin) && <Tag tone="amber">shared</Tag>}
              {node.learned && <Tag tone="grey">too common</Tag>}
            </td>
            <td>
              <RelativeTime at={node.first_seen} />
            </td>
            <td>
              <RelativeTime at={node.last_seen} />
            </td>
            <td data-number>{formatCount(node.events)}</td>
            <td>
              {graph.nodes.length > 1 && !graph.masked && (
                <UnmergeButton
                  what={{ identifier: { type: node.type, value: node.value } }}
                  words={`${typeWords(node.type)} ${node.value}`}
                  again={node}
                  rest={graph.nodes.find((each) => each !== node)}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Links({ graph }: { readonly graph: IdentityGraph }) {
  const sourceName = useSourceName();
  const name = new Map(graph.nodes.map((node) => [node.node, `${typeWords(node.type)} ${node.value}`]));
  if (graph.edges.length === 0) return null;
  return (
    <ScrollTable label="Links" min_width={680}>
      <thead>
        <tr>
          <th>Link</th>
          <th>How often</th>
          <th>First</th>
          <th>Because of</th>
          <th>Source</th>
        </tr>
      </thead>
      <tbody>
        {graph.edges.map((edge) => (
          <tr key={`${edge.from}${edge.to}`}>
            <td style={{ overflowWrap: 'anywhere' }}>
              {name.get(edge.from)} with {name.get(edge.to)}
            </td>
            <td>{timesOf(edge)}</td>
            <td>
              <RelativeTime at={edge.first_seen} />
            </td>
            <td>{causeWords(edge.cause)}</td>
            <td>{edge.source_id === '' ? '–' : sourceName(edge.source_id)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Drops({ graph }: { readonly graph: IdentityGraph }) {
  return (
    <ScrollTable label="What did not join" min_width={620}>
      <thead>
        <tr>
          <th>Did not join</th>
          <th>Why</th>
          <th>When</th>
          <th>
            <span className="pl-hidden">Link again</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {graph.drops.map((drop) => (
          <tr key={`${drop.node}${drop.other_person}${drop.rule}`}>
            <td style={{ maxWidth: 300 }}>
              <IdentifierText identifier={{ ...drop, masked: graph.masked }} />
            </td>
            <td>{dropWords(drop.rule)}</td>
            <td>
              <RelativeTime at={drop.at} />
            </td>
            <td>
              {drop.rule === 'unmerged' && drop.person !== graph.person && !graph.masked && (
                <LinkAgain identifiers={[graph.leading, { type: drop.type, value: drop.value }]} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
