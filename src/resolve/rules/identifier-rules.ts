/** What can be an identifier, for later stages: the same check that events go through. */
import type { IdentifierRules } from '../contract.ts';
import type { CompiledRules } from './compile-rules.ts';
import type { Normaliser } from './normalise.ts';

type Refusal = NonNullable<ReturnType<IdentifierRules['refusal']>>;

const NOT_OF_THE_FORM: Readonly<Record<Normaliser, Refusal>> = {
  none: { rule: 'identifier', message: 'The value cannot be an identifier.' },
  lower: { rule: 'identifier', message: 'The value cannot be an identifier.' },
  email: { rule: 'email', message: 'The value must be an e-mail address.' },
  phone: { rule: 'phone', message: 'The value must be a phone number of 7 to 15 digits.' },
  sha256: {
    rule: 'sha256',
    message: 'A hashed identifier must be SHA-256 in 64 hex digits, of the normalised value.',
  },
};

export const identifierRules = (rules: () => CompiledRules): IdentifierRules => ({
  types: () => rules().types.map(({ type }) => type),
  refusal({ type, value }) {
    const known = rules().type(type);
    if (known === undefined)
      return { rule: 'unknown_type', message: `The identity rules know no identifier ${type}.` };
    const normal = rules().normalise(type, value);
    if (normal === undefined) return NOT_OF_THE_FORM[known.normalise];
    const blocked = rules().blockedBy(type, normal);
    if (blocked === undefined) return undefined;
    return { rule: 'blocked', message: `The identity rules block this value (${blocked}).` };
  },
});
