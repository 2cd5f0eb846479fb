import type { Command } from 'commander';
import { type ApiClient, type ConnectOptions, createApiClient } from './api-client.ts';
import { readDefinitions, type WrittenDefinition } from './definition-files.ts';
import { CliError, type Io } from './io.ts';
import { type Plan, planText, problemsText } from './plan-text.ts';

interface Options extends ConnectOptions {
  readonly json?: boolean;
  readonly prune?: boolean;
  readonly yes?: boolean;
  readonly message?: string;
}

interface Release {
  readonly id: number;
  readonly message: string;
}

/** plan, apply, propose and rollback: a team's definitions as files. */
export function addDefinitionCommands(program: Command, io: Io): void {
  const prune = ['--prune', 'also remove what is released and not in the files'] as const;

  program
    .command('plan')
    .argument('<path>', 'folder or file with YAML definitions')
    .description('show what a release of these files would change; exit 2 when they cannot be released')
    .option(...prune)
    .action(async (path: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const { plan } = await planned(createApiClient(options, io.env), path, options);
      io.out(options.json ? JSON.stringify(plan) : planText(plan));
      refuseProblems(plan);
    });

  program
    .command('apply')
    .argument('<path>', 'folder or file with YAML definitions')
    .description('make a release of these files')
    .requiredOption('-m, --message <text>', 'why, for the people after you')
    .option('-y, --yes', 'without asking')
    .option(...prune)
    .action(async (path: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const api = createApiClient(options, io.env);
      const { plan, definitions } = await planned(api, path, options);
      if (!options.json) io.out(planText(plan));
      refuseProblems(plan);
      if (plan.changes.some((c) => c.change !== 'none')) await confirm(io, options, 'Release these changes?');
      const body = {
        definitions,
        prune: options.prune ?? false,
        message: options.message,
        expected_release: plan.release,
      };
      const answer = await api.call<{ release: Release }>('POST', '/api/apply', body);
      const made = answer.release.id !== plan.release;
      io.out(
        options.json
          ? JSON.stringify(answer)
          : made
            ? `Release ${answer.release.id} is live.`
            : 'Nothing to release.',
      );
    });

  program
    .command('propose')
    .argument('<path>', 'folder or file with YAML definitions')
    .description('save what changed as drafts and ask for their review; production does not change')
    .option(...prune)
    .action(async (path: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const api = createApiClient(options, io.env);
      const { plan, definitions } = await planned(api, path, options);
      refuseProblems(plan);
      const proposed = await propose(api, plan, definitions);
      const lines = proposed.map(
        ({ kind, name, version }) => `${kind}/${name} version ${version} waits for a review.`,
      );
      io.out(options.json ? JSON.stringify({ proposed }) : lines.join('\n') || 'Nothing to propose.');
    });

  program
    .command('rollback')
    .argument('<release>', 'number of the release to run again')
    .description('run the whole set of an earlier release again, as a new release')
    .option('-m, --message <text>', 'why')
    .option('-y, --yes', 'without asking')
    .action(async (id: string, _: Options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      if (!/^\d+$/.test(id))
        throw new CliError(`A release is a number, not ${id}. See \`plumbline releases\`.`);
      await confirm(io, options, `Run the set of release ${id} again?`);
      const body = options.message === undefined ? {} : { message: options.message };
      const answer = await createApiClient(options, io.env).call<{ release: Release }>(
        'POST',
        `/api/releases/${id}/rollback`,
        body,
      );
      io.out(
        options.json
          ? JSON.stringify(answer)
          : `Release ${answer.release.id} is live: the set of release ${id}.`,
      );
    });
}

async function planned(api: ApiClient, path: string, { prune = false }: Options) {
  const definitions = readDefinitions(path);
  return { definitions, plan: await api.call<Plan>('POST', '/api/plan', { definitions, prune }) };
}

async function propose(api: ApiClient, plan: Plan, definitions: readonly WrittenDefinition[]) {
  const proposed: { kind: string; name: string; version: number }[] = [];
  for (const { kind, name, change } of plan.changes) {
    if (change === 'none') continue;
    const body = definitions.find((d) => d.kind === kind && d.name === name)?.body ?? null;
    const path = `/api/definitions/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
    const { version } = await api.call<{ version: number }>('PUT', path, { body });
    await api.call('POST', `${path}/review`, { decision: 'request', version });
    proposed.push({ kind, name, version });
  }
  return proposed;
}

function refuseProblems(plan: Plan): void {
  if (plan.problems.length > 0) throw new CliError(problemsText(plan.problems), 2);
}

async function confirm(io: Io, { yes = false }: Options, question: string): Promise<void> {
  if (yes) return;
  if (io.ask === undefined) throw new CliError('Nobody is here to ask: say --yes to go on without asking.');
  if (!(await io.ask(question))) throw new CliError('Nothing was changed.');
}
