import { Group } from '@mantine/core';
import type { ShownIdentifier } from '../api/profiles.ts';
import { lookOf } from './identifier-types.ts';

/** Icon, then the value, cut off where the place ends; the whole is in the title. */
export function IdentifierText({ identifier }: { readonly identifier: ShownIdentifier }) {
  const { icon: Icon, words } = lookOf(identifier.type);
  const title = identifier.masked ? `${words}, shortened for your role` : `${words} ${identifier.value}`;
  return (
    <Group gap={6} wrap="nowrap" title={title} style={{ minWidth: 0 }}>
      <span role="img" aria-label={words} style={{ display: 'flex', color: 'var(--mantine-color-dimmed)' }}>
        <Icon size={15} stroke={1.6} />
      </span>
      <span className="pl-mono pl-truncate">{identifier.value}</span>
    </Group>
  );
}

/** `email:ada@example.com` taken apart at the first colon. */
export function parseIdentifier(text: string): ShownIdentifier {
  const colon = text.indexOf(':');
  return colon < 0
    ? { type: '', value: text, masked: false }
    : { type: text.slice(0, colon), value: text.slice(colon + 1), masked: false };
}
