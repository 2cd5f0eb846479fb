import { Autocomplete } from '@mantine/core';
import { useCatalogue } from '../api/segment-rules.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (event: string) => void;
  readonly placeholder?: string;
}

/** Name of an event, with those that were seen as suggestions. */
export function EventField({ label, value, onChange, placeholder }: Props) {
  const events = useCatalogue().data?.events.map(({ event }) => event) ?? [];
  return (
    <Autocomplete
      label={label}
      size="xs"
      w={180}
      data={[...new Set(events)].filter((event) => event !== '')}
      value={value}
      onChange={onChange}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}
