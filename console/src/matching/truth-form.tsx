import { Button, FileButton, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type MatchRun, useScoreTruth } from '../api/matching.ts';
import { useMayEdit } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { TruthReport } from './truth-report.tsx';

const EXAMPLES = {
  pairs: 'left,right\ncrm-17,web-204\ncrm-18,web-311',
  clusters: 'record,cluster\ncrm-17,ada\nweb-204,ada\ncrm-18,bob',
} as const;

/** Holds the run against answers that are known to be right. */
export function TruthForm({ run }: { readonly run: MatchRun }) {
  const may_edit = useMayEdit();
  const score = useScoreTruth(run.id);
  const [kind, setKind] = useState<'pairs' | 'clusters'>('pairs');
  const [text, setText] = useState('');
  const read = async (file: File | null) => {
    if (file !== null) setText(await file.text());
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        Give records of which you know who they are, as CSV: the run is scored against them. Nothing is
        stored.
      </Text>
      <Group gap="xs">
        <SegmentedControl
          aria-label="What you know"
          data={[
            { value: 'pairs', label: 'Pairs' },
            { value: 'clusters', label: 'Groups' },
          ]}
          value={kind}
          onChange={(value) => setKind(value === 'pairs' ? 'pairs' : 'clusters')}
        />
        <FileButton onChange={(file) => void read(file)} accept=".csv,text/csv">
          {(props) => (
            <Button variant="default" {...props}>
              Read a file…
            </Button>
          )}
        </FileButton>
      </Group>
      <Textarea
        label={kind === 'pairs' ? 'Known pairs' : 'Known groups'}
        description={
          kind === 'pairs'
            ? 'Columns left and right: ids of two records that are one person. A person’s id stands in the address of its page.'
            : 'Columns record and cluster: records of one person carry the same cluster.'
        }
        placeholder={EXAMPLES[kind]}
        className="pl-editor"
        autosize
        minRows={5}
        maxRows={14}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        style={{ alignSelf: 'flex-start' }}
        disabled={!may_edit || text.trim() === ''}
        loading={score.isPending}
        onClick={() => score.mutate(kind === 'pairs' ? { pairs: text } : { clusters: text })}
      >
        Score this run
      </Button>
      {score.isError && <ErrorState error={score.error} />}
      {score.data !== undefined && <TruthReport truth={score.data} />}
    </Stack>
  );
}
