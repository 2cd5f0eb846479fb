import type { ImportKind } from '../api/imports.ts';

export const KINDS: Readonly<Record<ImportKind, { readonly label: string; readonly about: string }>> = {
  people: {
    label: 'People',
    about: 'One row a person: identifiers and traits, as from a CRM or newsletter tool.',
  },
  transactions: {
    label: 'Transactions',
    about: 'One row a purchase, call or visit outside the site; each becomes an event of its person.',
  },
  match: {
    label: 'Match table',
    about: 'Pairs of identifiers that belong to the same person, plain or hashed (SHA-256).',
  },
};
