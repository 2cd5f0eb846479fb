import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { isDraft, useDefinitions } from '../api/drafts.ts';
import { useIdentityRules, usePreviewRules } from '../api/identity.ts';
import { useMayEdit } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { NewestDefinition } from '../elements/newest-definition.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ReleasePanel } from '../elements/release-panel.tsx';
import { Tag } from '../elements/tag.tsx';
import { GeneralRules } from './general-rules.tsx';
import type { IdentityRules } from './rules-body.ts';
import { RulesOutcome } from './rules-outcome.tsx';
import { TypeTable } from './type-table.tsx';

const KIND = 'identity-rules';

/** The rules that run, on a bench: change, see who would split or join, release. */
export function RulesBench() {
  const running = useIdentityRules();
  const known = useDefinitions(KIND);
  return (
    <QueryState query={running}>
      {({ rules, version, applied }) => (
        <Stack gap="md">
          <Group gap="xs">
            <Tag tone={applied ? 'green' : 'blue'}>{applied ? 'In force' : 'Being applied to everybody'}</Tag>
            <Text size="sm">{version === null ? 'The built-in rules.' : `Version ${version}.`}</Text>
          </Group>
          <QueryState query={known}>
            {(definitions) => (
              <NewestDefinition kind={KIND} name={definitions.some(isDraft) ? 'default' : ''}>
                {(draft) => (
                  <Bench
                    key={`${version}`}
                    running={rules as IdentityRules}
                    draft={draft as IdentityRules | null}
                  />
                )}
              </NewestDefinition>
            )}
          </QueryState>
        </Stack>
      )}
    </QueryState>
  );
}

interface Props {
  readonly running: IdentityRules;
  readonly draft: IdentityRules | null;
}

function Bench({ running, draft }: Props) {
  const may_edit = useMayEdit();
  const [rules, setRules] = useState(draft ?? running);
  const preview = usePreviewRules();
  const changed = rules !== running;
  const looked_at = preview.variables === rules && preview.data !== undefined;
  return (
    <Stack gap="md">
      <TypeTable
        identifiers={rules.identifiers}
        onChange={(identifiers) => setRules({ ...rules, identifiers })}
      />
      <GeneralRules rules={rules} onChange={(patch) => setRules({ ...rules, ...patch })} />
      {changed && (
        <Group gap="xs">
          <Button
            variant={looked_at ? 'default' : 'filled'}
            loading={preview.isPending}
            disabled={!may_edit}
            onClick={() => preview.mutate(rules)}
          >
            See who would split or join
          </Button>
          <Button
            variant="default"
            onClick={() => {
              setRules(running);
              preview.reset();
            }}
          >
            Back to the rules in force
          </Button>
        </Group>
      )}
      {preview.isError && <ErrorState error={preview.error} />}
      {looked_at && <RulesOutcome run_id={preview.data.run_id} />}
      {changed && (
        <ReleasePanel
          definition={{ kind: KIND, name: 'default', body: rules }}
          onReleased={() => preview.reset()}
        />
      )}
    </Stack>
  );
}
