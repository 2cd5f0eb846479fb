import type { Definitions } from '../../govern/contract.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Identifier, NodeId } from '../contract.ts';
import type { NodeReader } from '../directory.service.ts';
import { derive } from '../graph/derive.ts';
import { type IdentityNode, isTwin, LEARNED_PREFIX, nodeIdOf, type Unit } from '../graph/unit.ts';
import { type IdentityState, NO_STATE, STATE_KEY } from '../identity-work.service.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';
import { IDENTITY_RULES_KIND } from '../rules/identity-rules-kind.ts';
import { dropsOf, edgesOf, shownMembers } from './graph-view.ts';
import {
  type ChangeFilter,
  type ChangeRow,
  changesQuery,
  type NodeCount,
  nodeCounts,
  type PairCount,
  pairCounts,
} from './identity.sql.ts';
import { type Masker, maskerFor } from './mask.ts';

export type IdentityQueries = ReturnType<typeof createIdentityQueries>;

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number): string | null => (ms === Infinity ? null : iso(ms));

export function createIdentityQueries(deps: {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly read: NodeReader;
  readonly rules: () => CompiledRules;
  readonly definitions: Definitions;
}) {
  const { online, warehouse, read, rules, definitions } = deps;
  const state = async (): Promise<IdentityState> => (await online.get<IdentityState>(STATE_KEY)) ?? NO_STATE;

  /** Undefined for what cannot be an identifier; the type `person` takes a person's id. */
  const idOf = ({ type, value }: Identifier): NodeId | undefined => {
    if (type === 'person') return /^[0-9a-f]{16}$/.test(value) ? (value as NodeId) : undefined;
    const normal = rules().normalise(type, value);
    return normal === undefined ? undefined : nodeIdOf(type, normal);
  };

  const find = async (asked: Identifier): Promise<IdentityNode> => {
    const id = idOf(asked);
    const [node] = id === undefined ? [] : await read([id]);
    if (node === undefined)
      throw new AppError('not_found', { message: 'Nobody has this identifier.', field: 'value' });
    return node;
  };

  const changes = async (filter: ChangeFilter, masker: Masker): Promise<ChangeRow[]> =>
    (await warehouse.query<ChangeRow>(changesQuery(filter))).map((row) => ({
      ...row,
      identifiers: row.identifiers.map((identifier) => masker.text(identifier)),
    }));

  return {
    async show(asked: Identifier, actor: Actor) {
      const masker = maskerFor(actor, rules());
      const found = await find(asked);
      const { person } = found;
      const unit: Unit = found.unit ?? { id: found.id, nodes: [found], observations: new Map(), apart: [] };
      const all = unit.nodes.filter((node) => node.person === person);
      const members = shownMembers(all, person);
      const ids = members.map((node) => node.id);
      const [counts, pairs, changed] = await Promise.all([
        warehouse.query<NodeCount>(nodeCounts(ids)),
        warehouse.query<PairCount>(pairCounts(ids)),
        changes({ person, limit: 100 }, masker),
      ]);
      const byNode = new Map(counts.map((row) => [row.node, row]));
      const byPair = new Map(pairs.map((row) => [`${row.user_id}\n${row.anonymous_id}`, row.events]));
      const leader = members.find((node) => (node.id as string) === person) ?? found;
      const shown = (node: IdentityNode) => ({
        type: node.type,
        value: masker.value(node.type, node.value),
      });
      return {
        person,
        leading: shown(leader),
        nodes: members.map((node) => ({
          node: node.id,
          ...shown(node),
          leading: node === leader,
          first_seen: isoOrNull(node.first_ms),
          last_seen: byNode.get(node.id)?.last_seen ?? null,
          events: byNode.get(node.id)?.events ?? 0,
          shared_from: isoOrNull(node.shared_ms),
          twin: isTwin(node),
          learned: node.learned,
        })),
        edges: edgesOf(unit.observations.values(), new Set(all), rules()).map(
          ({ from, to, first_ms, ...edge }) => ({
            ...edge,
            from: from.id,
            to: to.id,
            first_seen: iso(first_ms),
            events: pairEvents(byPair, from, to),
          }),
        ),
        drops: dropsOf(derive(unit, rules()), person).map(({ node, kept, rule, observation }) => ({
          node: node.id,
          ...shown(node),
          person: node.person,
          other_person: kept.person,
          rule,
          at: iso(observation.first_ms),
          source_id: observation.source_id,
          message_id: observation.message_id,
        })),
        decisions: unit.apart.map(({ at_ms, left, right, ...apart }) => ({
          ...apart,
          left: [...left],
          right: [...right],
          at: iso(at_ms),
        })),
        changes: changed,
        masked: masker.masked,
      };
    },

    async changes(filter: ChangeFilter, actor: Actor) {
      const masker = maskerFor(actor, rules());
      const found = await changes(filter, masker);
      const last = found.at(-1);
      const isFull = found.length === filter.limit && last !== undefined;
      return {
        changes: found,
        next: isFull ? `${Date.parse(last.at)}-${last.change_id}` : null,
        masked: masker.masked,
      };
    },

    async rules() {
      const released = definitions.current(IDENTITY_RULES_KIND).find((d) => d.name === 'default');
      const { rules: body, reading, joining } = rules();
      const { reading: read_with, joining: joined_with } = await state();
      return {
        rules: body,
        version: released?.version ?? null,
        applied: read_with === '' || (read_with === reading && joined_with === joining),
      };
    },

    async blocked(limit: number, actor: Actor) {
      const masker = maskerFor(actor, rules());
      const counted = Object.entries((await state()).blocked).map(([key, events]) => {
        const at = key.indexOf(' ');
        return { type: key.slice(0, at), rule: key.slice(at + 1), events };
      });
      const listed = await online.scan<Identifier>(LEARNED_PREFIX, { limit });
      const ids = listed.map(({ key }) => key.slice(LEARNED_PREFIX.length) as NodeId);
      const nodes = await read(ids);
      // The list keeps those that newer rules let go; the node itself says what holds.
      const learned = listed.flatMap(({ value: { type, value } }, i) =>
        nodes[i]?.learned === true
          ? [{ node: ids[i] as string, type, value: masker.value(type, value) }]
          : [],
      );
      return {
        configured: counted.sort((a, b) => b.events - a.events || (a.rule < b.rule ? -1 : 1)),
        learned,
        masked: masker.masked,
      };
    },
  };
}

function pairEvents(
  counts: ReadonlyMap<string, number>,
  from: IdentityNode,
  to: IdentityNode,
): number | null {
  const is_pair = from.type === 'user_id' && to.type === 'anonymous_id';
  return is_pair ? (counts.get(`${from.value}\n${to.value}`) ?? 0) : null;
}
