import type { Policy } from '../api/segment-sets.ts';

export interface MemberDraft {
  readonly segment: string;
  /** The member that it is a part of; empty for none. */
  readonly within: string;
  readonly value: number | null;
}

/** Conditions as people write them: `DE, AT`. */
export interface FallbackDraft {
  readonly segment: string;
  readonly country: string;
  readonly referrer: string;
  readonly device: string;
}

/** What the form holds. `rest` carries parts of the definition that the form does not show. */
export interface SetDraft {
  readonly description: string;
  readonly policy: Policy;
  readonly members: readonly MemberDraft[];
  readonly cold_start: readonly FallbackDraft[];
  readonly rest: Readonly<Record<string, unknown>>;
}

export const NEW_MEMBER: MemberDraft = { segment: '', within: '', value: null };
export const NEW_FALLBACK: FallbackDraft = { segment: '', country: '', referrer: '', device: '' };
export const NEW_SET: SetDraft = {
  description: '',
  policy: 'priority',
  members: [NEW_MEMBER, NEW_MEMBER],
  cold_start: [],
  rest: {},
};

const wordsOf = (text: string) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const filled = <T extends object>(object: T) =>
  Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== '' && value !== null && value?.length !== 0),
  );

/** The body of the definition. */
export const bodyOf = (draft: SetDraft): Record<string, unknown> => ({
  ...draft.rest,
  description: draft.description,
  members: draft.members.map(filled),
  policy: draft.policy,
  cold_start: draft.cold_start.map(({ segment, country, referrer, device }) =>
    filled({ segment, country: wordsOf(country), referrer: wordsOf(referrer), device: wordsOf(device) }),
  ),
});

interface Body {
  readonly description?: string;
  readonly policy?: Policy;
  readonly members?: readonly Partial<MemberDraft>[];
  readonly cold_start?: readonly Readonly<{
    segment: string;
    country?: readonly string[];
    referrer?: readonly string[];
    device?: readonly string[];
  }>[];
}

/** A definition as the form shows it. */
export function draftOf(body: unknown): SetDraft {
  const { description, policy, members, cold_start, ...rest } = body as Body & Record<string, unknown>;
  return {
    description: description ?? '',
    policy: policy ?? 'priority',
    members: (members ?? []).map((member) => ({ ...NEW_MEMBER, ...member })),
    cold_start: (cold_start ?? []).map((fallback) => ({
      segment: fallback.segment,
      country: (fallback.country ?? []).join(', '),
      referrer: (fallback.referrer ?? []).join(', '),
      device: (fallback.device ?? []).join(', '),
    })),
    rest,
  };
}
