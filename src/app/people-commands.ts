/** What only the thread that owns the stream may do, by stage: plain data in and out, so that calls can cross over. */
import type { ResolveCommands } from '../resolve/contract.ts';
import type { SegmentCommands } from '../segment/contract.ts';
import type { Link, Targets } from './thread-link.ts';

export interface PeopleCommands {
  readonly resolve: ResolveCommands;
  readonly segment: SegmentCommands;
}

const STAGES = ['resolve', 'segment'] as const satisfies readonly (keyof PeopleCommands)[];

type Command = (input: unknown) => Promise<unknown>;

/** For each stage something that has every method. */
const eachStage = (commandOf: (stage: keyof PeopleCommands, name: string) => Command): PeopleCommands =>
  Object.fromEntries(
    STAGES.map((stage) => [stage, new Proxy({}, { get: (_, name) => commandOf(stage, String(name)) })]),
  ) as unknown as PeopleCommands;

/** As seen from the other thread. */
export const remoteCommands = (link: Link): PeopleCommands =>
  eachStage((stage, name) => (input) => link.call(stage, name, input));

/** For the link: asked for when a call comes, since they are made after it. */
export const commandTargets = (commands: () => PeopleCommands): Targets =>
  eachStage((stage, name) => commandOf(commands(), stage, name)) as unknown as Targets;

/** After every command, `nudge` is called: the stages that follow are to hear of it although no event comes. */
export const nudging = (commands: PeopleCommands, nudge: () => void): PeopleCommands =>
  eachStage((stage, name) => {
    const command = commandOf(commands, stage, name);
    return ASKING.has(name) ? command : (input) => command(input).finally(nudge);
  });

/** They change nothing, and come twice a second. */
const ASKING: ReadonlySet<string> = new Set<keyof SegmentCommands>(['refreshProgress']);

const commandOf = (commands: PeopleCommands, stage: keyof PeopleCommands, name: string): Command =>
  Reflect.get(commands[stage], name) as Command;
