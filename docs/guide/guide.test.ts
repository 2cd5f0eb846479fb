/** The guide, executed: each `sh` block runs against a fresh server, and its answer holds the `json` block behind it. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';

const HERE = new URL('.', import.meta.url).pathname;
const ATTEMPTS = 40;

interface Step {
  readonly command: string;
  readonly expected: object | undefined;
}

function stepsOf(page: string): Step[] {
  const blocks = [...readFileSync(join(HERE, page), 'utf8').matchAll(/```(sh|json)\n([\s\S]*?)```/g)];
  return blocks.flatMap(([, language, text = ''], i) => {
    if (language !== 'sh') return [];
    const next = blocks[i + 1];
    return [
      { command: text, expected: next?.[1] === 'json' ? (JSON.parse(next[2] ?? '') as object) : undefined },
    ];
  });
}

for (const page of readdirSync(HERE)
  .filter((name) => name.endsWith('.md'))
  .sort()) {
  describe(page, () => {
    let server: RunningPlumbline;
    let names: Record<string, string>;
    beforeAll(async () => {
      server = await startPlumbline();
      const { sources } = await server.api<{ sources: { id: string }[] }>('GET', '/api/sources');
      names = {
        TOKEN: readFileSync(join(server.dataDir, 'local-token'), 'utf8').trim(),
        WRITE_KEY: await server.writeKey('Website'),
        SOURCE_ID: sources[0]?.id ?? '',
      };
    });
    afterAll(() => server.stop());

    test.each(stepsOf(page).map((step, i) => [i + 1, step] as const))(
      'step %i',
      async (_, { command, expected }) => {
        // What a step says becomes true within moments: the pipeline is not the request.
        for (let attempt = 1; ; attempt++) {
          const answer = await run(command);
          try {
            if (expected !== undefined) expect(answer).toMatchObject(expected);
            return;
          } catch (error) {
            if (attempt === ATTEMPTS || !/fate|reconciliation|preview|profiles|identity/.test(command))
              throw error;
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        }
      },
    );

    async function run(command: string): Promise<unknown> {
      if (command.includes('$GROUP_ID') && names['GROUP_ID'] === undefined) {
        const { groups } = await server.api<{ groups: { group_id: string }[] }>('GET', '/api/quarantine');
        if (groups[0]) names['GROUP_ID'] = groups[0].group_id;
      }
      const script = command
        .replaceAll('http://127.0.0.1:4700', server.url)
        .replaceAll('$GROUP_ID', names['GROUP_ID'] ?? 'none');
      const { stdout } = await promisify(execFile)('bash', ['-c', script], {
        env: { ...process.env, ...names },
      });
      return JSON.parse(stdout);
    }
  });
}
