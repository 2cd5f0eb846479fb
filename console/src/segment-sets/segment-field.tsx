import { Autocomplete } from '@mantine/core';
import { useKnownSegments } from '../api/segment-rules.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (segment: string) => void;
}

/** Name of a segment, with the known ones as suggestions. */
export function SegmentField({ label, value, onChange }: Props) {
  const known = useKnownSegments().map(({ name }) => name);
  return <Autocomplete label={label} size="xs" w={220} data={known} value={value} onChange={onChange} />;
}
