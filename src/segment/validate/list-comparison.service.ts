import type { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type Explain, failedBy, type PersonExplanation, reasonsFor } from './explanation.ts';
import { rateOf } from './judge-lift.ts';
import { type ListLine, readListLines } from './list-lines.ts';
import { membersAmong, membersBesides, sizeOf } from './members.sql.ts';
import type { ListComparison } from './validation-output.ts';

export const MOST_LINES = 10_000;
const EXPLAINED = 200;
const SHOWN = 50;
const SHOWN_REJECTED = 100;
const AT_ONCE = 100;

interface Deps {
  readonly warehouse: Warehouse;
  readonly directory: PersonDirectory;
  readonly explain: Explain;
}

/**
 * Holds a segment against a list of people that somebody knows to belong. Nothing of the list is kept. For those who may see
 * people: who chooses the list learns of everybody on it, and of somebody known by one address when it has one line.
 */
export async function compareWithList(
  segment: string,
  text: string,
  { warehouse, directory, explain }: Deps,
): Promise<z.infer<typeof ListComparison>> {
  const lines = readListLines(text);
  if (lines.given > MOST_LINES) {
    throw new AppError('invalid_input', {
      field: 'lines',
      rule: 'most_lines',
      limit: MOST_LINES,
      message: `The list has ${lines.given} lines; compare ${MOST_LINES} at most at a time.`,
    });
  }
  const { byPerson, unknown } = await peopleOf(lines.read, directory);
  const people = [...byPerson.keys()];
  const [size] = await warehouse.query<{ people: number }>(sizeOf(segment));
  const both = new Set(
    (await warehouse.query<{ person: string }>(membersAmong(segment, people))).map((row) => row.person),
  );
  const missing = people.filter((person) => !both.has(person));
  const in_segment = size?.people ?? 0;
  const explained = await explanations(explain, segment, missing.slice(0, EXPLAINED));
  const extra = (await warehouse.query<{ person: string }>(membersBesides(segment, people, SHOWN))).map(
    (row) => row.person,
  );
  const extra_explained = await explanations(explain, segment, extra);
  const one = (person: string, why: readonly PersonExplanation[] | null, is: boolean) => ({
    person,
    identifier: byPerson.get(person) ?? null,
    why: reasonsFor(
      why?.find((e) => e.person === person),
      is,
    ),
  });
  return {
    segment,
    lines: {
      given: lines.given,
      known: lines.read.length - unknown,
      unknown,
      rejected: lines.rejected.slice(0, SHOWN_REJECTED),
      rejected_count: lines.rejected.length,
      duplicates: lines.read.length - unknown - people.length,
    },
    people_listed: people.length,
    people_in_segment: in_segment,
    people_in_both: both.size,
    precision: rateOf({ hits: both.size, trials: Math.max(in_segment, both.size) }),
    recall: rateOf({ hits: both.size, trials: people.length }),
    recall_with_unknown: rateOf({ hits: both.size, trials: people.length + unknown }),
    missing: {
      people: missing.length,
      why: explained === null ? null : failedBy(explained),
      explained: explained?.length ?? 0,
      holds_now: explained?.filter(({ is }) => is).length ?? 0,
      sample: missing.slice(0, SHOWN).map((person) => one(person, explained, false)),
    },
    extra: {
      people: Math.max(0, in_segment - both.size),
      sample: extra.map((person) => one(person, extra_explained, true)),
    },
  };
}

/** People of the lines, each with the line that named them first. */
async function peopleOf(lines: readonly ListLine[], directory: PersonDirectory) {
  const byPerson = new Map<string, string>();
  let unknown = 0;
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const some = lines.slice(from, from + AT_ONCE);
    const found = await Promise.all(some.map((line) => directory.find(line.identifier)));
    found.forEach((person, i) => {
      if (person === undefined) unknown += 1;
      else if (!byPerson.has(person.person)) byPerson.set(person.person, some[i]?.text ?? '');
    });
  }
  return { byPerson, unknown };
}

/** Null for segments that no rule decides. */
async function explanations(
  explain: Explain,
  segment: string,
  people: readonly string[],
): Promise<readonly PersonExplanation[] | null> {
  try {
    return people.length === 0 ? [] : await explain(segment, people);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  }
}
