/** Decisions of people and of matching about who is who. Each holds the turn, and is written when it returns. */
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { Turns } from '../kernel/turns.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { Identifier, LinkAnswer, ResolveCommands } from './contract.ts';
import type { News } from './graph/changes.ts';
import type { IdentityNode, Unit } from './graph/unit.ts';
import { nodeIdOf } from './graph/unit.ts';
import { separatesPeople, whyApart } from './graph/why-apart.ts';
import { type ChangeRow, changeById } from './identity/identity.sql.ts';
import { holding, type IdentityWork } from './identity-work.service.ts';
import type { CompiledRules } from './rules/compile-rules.ts';

type Unmerge = Parameters<ResolveCommands['unmerge']>[0];
type Why = Omit<Parameters<ResolveCommands['link']>[0], 'identifiers'>;

export function createCommands(deps: {
  readonly work: IdentityWork;
  readonly warehouse: Warehouse;
  readonly rules: () => CompiledRules;
  readonly clock: Clock;
  readonly turns: Turns;
}): ResolveCommands {
  const { work, warehouse, rules, clock } = deps;
  const { graph } = work;

  /** Holds the turn, and forgets what `decide` did when it fails or changes nothing. */
  const alone = <T>(decide: () => Promise<{ readonly answer: T; readonly keep: boolean }>): Promise<T> =>
    holding(deps, async () => {
      await work.state();
      const { answer, keep } = await decide();
      if (keep) await work.write();
      else work.reset();
      return answer;
    });

  const normalised = ({ type, value }: Identifier, field: string): Identifier => {
    const normal = rules().normalise(type, value);
    if (normal === undefined)
      throw new AppError('invalid_input', {
        message: `This cannot be ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}: see the identity rules.`,
        field,
        rule: rules().type(type) === undefined ? 'unknown_type' : 'format',
      });
    const blocked = rules().blockedBy(type, normal);
    if (blocked !== undefined)
      throw new AppError('invalid_input', {
        message: 'This value is blocked by the rules.',
        field,
        rule: blocked,
      });
    return { type, value: normal };
  };

  return {
    link: ({ identifiers, ...why }) => alone(() => linkOne(identifiers, why)),

    linkMany: ({ groups, ...why }) =>
      alone(async () => {
        const answers: (LinkAnswer | { readonly refused: string })[] = [];
        let keep = false;
        for (const identifiers of groups) {
          try {
            const one = await linkOne(identifiers, why);
            answers.push(one.answer);
            keep ||= one.keep;
          } catch (error) {
            if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
            answers.push({ refused: error.details.message });
          }
        }
        return { answer: answers, keep };
      }),

    unmerge: (input) =>
      alone(async () => {
        const sides =
          'change_id' in input ? await sidesOfChange(input.change_id) : await sidesOf(input.identifier);
        keepApart(sides, input);
        const settled = graph.settle();
        work.keep(settled);
        return { answer: { moved: settled.moves }, keep: true };
      }),
  };

  async function linkOne(
    given: readonly Identifier[],
    why: Why,
  ): Promise<{ readonly answer: LinkAnswer; readonly keep: boolean }> {
    const identifiers = given.map((one, i) => normalised(one, `identifiers[${i}].value`));
    await graph.load(identifiers.map(({ type, value }) => nodeIdOf(type, value)));
    const nodes = [...new Set(identifiers.map((identifier) => graph.ensure(identifier)))];
    const before = new Set(nodes.map((node) => node.person)).size;
    say(nodes, why);
    work.keep(graph.settle());
    const person = (nodes[0] as IdentityNode).person;
    const dropped = nodes.filter((node) => node.person !== person).map(asIdentifier);
    const after = new Set(nodes.map((node) => node.person)).size;
    return {
      answer: {
        person,
        joined: dropped.length === 0,
        dropped,
        reason: whyApart(unitOf(nodes), rules(), nodes),
      },
      keep: after < before || (before === 1 && after === 1),
    };
  }

  function say(nodes: readonly IdentityNode[], { cause, detail, actor_id }: Why): void {
    const at_ms = clock.now_ms();
    for (const node of nodes) graph.see(node, at_ms);
    const origin = { source_id: '', message_id: '', at_ms, heard_ms: at_ms, actor_id, detail };
    graph.observe(nodes, { ...origin, cause: cause === 'match' ? 'match' : 'link' });
    const unit = nodes[0]?.unit;
    if (cause !== 'manual' || unit === undefined) return;
    // Whoever says that they are one takes back that they are not, whichever of their identifiers is named.
    const linked = nodes.map((node) => node.person);
    const standing = unit.apart.filter((apart) => !separatesPeople(unit, apart, linked));
    if (standing.length === unit.apart.length) return;
    unit.apart = standing;
    graph.touch(unit, { ...origin, what: 'seen', cause: 'link' });
  }

  async function sidesOf(identifier: Identifier): Promise<Sides> {
    const { type, value } = normalised(identifier, 'identifier.value');
    const id = nodeIdOf(type, value);
    await graph.load([id]);
    const node = graph.get(id);
    if (node === undefined)
      throw new AppError('not_found', { message: 'Nobody has this identifier.', field: 'identifier.value' });
    const others = node.unit?.nodes.filter((one) => one !== node && one.person === node.person) ?? [];
    if (others.length === 0 || node.unit === undefined)
      throw new AppError('conflict', {
        message: 'This identifier stands alone: there is nothing to take it out of.',
      });
    return { unit: node.unit, left: [node], right: others };
  }

  async function sidesOfChange(change_id: string): Promise<Sides> {
    const [row] = await warehouse.query<ChangeRow>(changeById(change_id));
    if (row === undefined)
      throw new AppError('not_found', { message: 'There is no such change.', field: 'change_id' });
    if (row.what !== 'merge')
      throw new AppError('conflict', {
        message: `Only a merge can be undone: this is a ${row.what}.`,
        field: 'change_id',
      });
    const ids = [...row.nodes, ...row.kept] as IdentityNode['id'][];
    await graph.load(ids);
    const nodesOf = (side: readonly string[]) =>
      side.flatMap((id) => graph.get(id as IdentityNode['id']) ?? []);
    const [moved, kept] = [nodesOf(row.nodes), nodesOf(row.kept)];
    const person = moved.find((node) => kept.some((other) => other.person === node.person))?.person;
    const unit = moved.find((node) => node.person === person)?.unit;
    if (person === undefined || unit === undefined)
      throw new AppError('conflict', {
        message: 'The two are no longer one person: there is nothing to undo.',
        field: 'change_id',
      });
    return { unit, left: moved, right: kept };
  }

  function keepApart({ unit, left, right }: Sides, { actor_id, detail }: Unmerge): void {
    const at_ms = clock.now_ms();
    const ids = (side: readonly IdentityNode[]) => side.map((node) => node.id);
    const apart = { id: newId('apart'), left: ids(left), right: ids(right), at_ms, actor_id, detail };
    const news: News = {
      what: 'unmerge',
      cause: 'unmerge',
      source_id: '',
      message_id: '',
      heard_ms: at_ms,
      actor_id,
      detail,
    };
    graph.keepApart(unit, apart, news);
  }
}

interface Sides {
  readonly unit: Unit;
  readonly left: readonly IdentityNode[];
  readonly right: readonly IdentityNode[];
}

/** Where the nodes are together; identifiers learnt to be shared are in none. */
const unitOf = (nodes: readonly IdentityNode[]): Unit =>
  nodes.find((node) => node.unit !== undefined)?.unit ?? {
    id: '',
    nodes: [...nodes],
    observations: new Map(),
    apart: [],
  };

const asIdentifier = ({ type, value }: IdentityNode): Identifier => ({ type, value });
