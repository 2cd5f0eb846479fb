import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import {
  type RuleProblem,
  useCatalogue,
  usePredicates,
  useRuleCheck,
  useRulePreview,
} from '../api/segment-rules.ts';
import { useSession } from '../api/session.ts';
import { NewestDefinition } from '../elements/newest-definition.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ReleasePanel } from '../elements/release-panel.tsx';
import { BuilderProvider } from './builder-context.ts';
import { LiveSize } from './live-size.tsx';
import { RuleBuilder } from './rule-builder.tsx';
import { writeRule } from './rule-tree.ts';
import { bodyOf, nameFrom, settingsOf } from './segment-body.ts';
import { SegmentSettingsForm } from './segment-settings-form.tsx';
import { useRuleHistory } from './use-rule-history.ts';

interface Props {
  /** Empty for a new segment. */
  readonly name: string;
  /** A segment whose rule a new one starts from. */
  readonly copy_of: string;
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
}

export function SegmentEditor(props: Props) {
  return (
    <NewestDefinition kind="segment" name={props.name || props.copy_of}>
      {(body) => <Bench {...props} body={body} />}
    </NewestDefinition>
  );
}

const PAUSE_MS = 450;

function Bench({
  name: given,
  copy_of,
  body: initial,
  onDone,
  onCancel,
}: Props & { readonly body: unknown }) {
  const me = useSession().data?.actor?.name ?? '';
  const predicates = usePredicates();
  const catalogue = useCatalogue();
  const [settings, setSettings] = useState(() => {
    const read = settingsOf(initial, me);
    return copy_of === '' ? read : { ...read, label: `${read.label} (copy)` };
  });
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const history = useRuleHistory((initial as { readonly rule?: unknown } | null)?.rule);
  const rule = useMemo(() => writeRule(history.rule), [history.rule]);
  const name = given === '' ? nameFrom(settings.label) : given;
  const body = useMemo(() => bodyOf(settings, rule), [settings, rule]);
  const [settled] = useDebouncedValue(body, PAUSE_MS);
  const check = useRuleCheck(name || 'draft', settled);
  const problems = check.data ?? [];
  const waiting = settled !== body || check.isFetching;
  const sound =
    check.isSuccess && !check.isPlaceholderData && !problems.some((p) => p.field.startsWith('rule'));
  const preview = useRulePreview(
    sound
      ? {
          rule: (settled as { readonly rule: unknown }).rule,
          exclude_bots: (settled as { readonly exclude_bots: boolean }).exclude_bots,
          trend_days: 28,
          sample: 6,
        }
      : undefined,
  );
  // What is still empty is no mistake yet; the hint beside the buttons names it.
  const errors = new Map(
    problems.flatMap(({ field, message }) =>
      touched.has(field.split('.')[0] ?? '') ? [[field, message] as const] : [],
    ),
  );
  return (
    <Stack gap="md">
      <PageHead
        title={given === '' ? 'New segment' : `Edit ${settings.label || given}`}
        about="Say who is in it. The size follows as you go; nothing changes before you release."
        actions={
          <Button variant="default" onClick={onCancel}>
            Back
          </Button>
        }
      />
      <div className="pl-builder">
        <Stack gap="md" style={{ minWidth: 0 }}>
          <Group gap="sm" align="flex-end">
            <TextInput
              label="Label"
              placeholder="Big spenders"
              data-autofocus
              style={{ flex: '1 1 240px', maxWidth: 420 }}
              value={settings.label}
              onChange={(event) => setSettings({ ...settings, label: event.currentTarget.value })}
            />
            {given === '' && name !== '' && (
              <Text size="xs" c="dimmed" lh="30px">
                Its name will be <span className="pl-mono">{name}</span>
              </Text>
            )}
          </Group>
          <QueryState query={predicates}>
            {(list) => (
              <BuilderProvider value={{ predicates: list, catalogue: catalogue.data ?? NOTHING_KNOWN }}>
                <RuleBuilder history={history} problems={problems} checking={waiting} />
              </BuilderProvider>
            )}
          </QueryState>
          <SegmentSettingsForm
            settings={settings}
            errors={waiting ? new Map() : errors}
            onChange={(patch) => {
              setSettings({ ...settings, ...patch });
              setTouched(new Set([...touched, ...Object.keys(patch)]));
            }}
          />
          <ReleasePanel
            definition={{ kind: 'segment', name, body }}
            hint={hintOf(settings.label, problems)}
            onReleased={() => onDone(name)}
          />
        </Stack>
        <LiveSize preview={preview} problems={problems} waiting={waiting} />
      </div>
    </Stack>
  );
}

const NOTHING_KNOWN = { events: [], traits: [], segments: [] };

function hintOf(label: string, problems: readonly RuleProblem[]): string {
  if (label.trim() === '') return 'Give it a label first.';
  const places = [
    ...new Set(
      problems.map(({ field }) => (field.startsWith('rule') ? 'the rule' : (field.split('.')[0] ?? field))),
    ),
  ];
  return places.length === 0 ? '' : `To complete first: ${places.join(', ')}.`;
}
