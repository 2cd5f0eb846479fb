/** Says in plain words which rule of a schema a value breaks: with the value's type, never the value itself. */
import type { ErrorObject } from 'ajv';

export interface Finding {
  /** `properties.products[*].price`: the same for every item of a list, so that findings group. */
  readonly path: string;
  readonly rule: string;
  readonly message: string;
  /** The property to remove so that the rule holds, as steps below the root; undefined when removing cannot help. */
  readonly strip: readonly string[] | undefined;
}

const MAX_NAME_CHARACTERS = 80;
const MAX_LISTED = 8;

/** `root` is `properties` or `traits`, `value` what was checked. */
export function describeViolations(errors: readonly ErrorObject[], root: string, value: unknown): Finding[] {
  return errors
    .filter((error) => !isInsideBranch(error.schemaPath) && error.keyword !== 'if')
    .map((error) => describe(error, root, value));
}

const NAMED = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const BRANCHES = new Set(['anyOf', 'oneOf', 'not', 'if', 'contains', 'propertyNames']);

/** Errors from the forms that were tried add nothing to the one that says that none of them fits. */
function isInsideBranch(schemaPath: string): boolean {
  const steps = schemaPath.split('/').slice(1);
  for (let i = 0; i < steps.length - 1; i++) {
    const step = steps[i] ?? '';
    if (BRANCHES.has(step)) return true;
    if (NAMED.has(step) || step === 'allOf' || step === 'prefixItems') i += 1;
  }
  return false;
}

function describe(error: ErrorObject, root: string, value: unknown): Finding {
  const steps = error.instancePath.split('/').slice(1).map(decode);
  const child = childName(error);
  const all = child === undefined ? steps : [...steps, child];
  const path = displayPath(root, all, value);
  const absent = error.keyword === 'required' || error.keyword === 'dependentRequired';
  return {
    path,
    rule: error.keyword,
    message: `${path} ${ruleText(error)}${tellType(error) ? `, got ${typeText(valueAt(value, steps))}` : ''}`,
    strip: absent ? undefined : nearestProperty(value, all),
  };
}

/** The property that the error is about, where Ajv points at the object around it. */
function childName(error: ErrorObject): string | undefined {
  const { params } = error;
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired':
      return String(params['missingProperty']);
    case 'additionalProperties':
      return String(params['additionalProperty']);
    case 'unevaluatedProperties':
      return String(params['unevaluatedProperty']);
    case 'propertyNames':
      return String(params['propertyName']);
    default:
      return undefined;
  }
}

const decode = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function displayPath(root: string, steps: readonly string[], value: unknown): string {
  let at = value;
  let path = root;
  for (const step of steps) {
    if (Array.isArray(at)) path += '[*]';
    else path += /^[A-Za-z_$][\w$ -]*$/.test(step) ? `.${short(step)}` : `[${JSON.stringify(short(step))}]`;
    at = childAt(at, step);
  }
  return path;
}

const short = (name: string): string =>
  name.length <= MAX_NAME_CHARACTERS ? name : `${name.slice(0, MAX_NAME_CHARACTERS)}…`;

function childAt(at: unknown, step: string): unknown {
  if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
  return (at as Record<string, unknown>)[step];
}

const valueAt = (value: unknown, steps: readonly string[]): unknown => steps.reduce(childAt, value);

/** An item of a list goes with the whole list: its place has a meaning that would shift. */
function nearestProperty(value: unknown, steps: readonly string[]): readonly string[] | undefined {
  for (let length = steps.length; length > 0; length--) {
    if (!Array.isArray(valueAt(value, steps.slice(0, length - 1)))) return steps.slice(0, length);
  }
  return undefined;
}

function typeText(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'empty text' : 'text';
    case 'number':
      return Number.isInteger(value) ? 'a whole number' : 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

const FORMAT_EXAMPLES: Readonly<Record<string, string>> = {
  'date-time': 'a date and time such as 2026-11-22T10:00:00Z',
  date: 'a date such as 2026-11-22',
  time: 'a time such as 10:00:00Z',
  duration: 'a duration such as P3DT4H',
  email: 'an e-mail address',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  uri: 'an address with its scheme, such as https://example.com/',
  'uri-reference': 'an address',
  uuid: 'a UUID',
};

const TYPE_TOLD = new Set(['type', 'enum', 'const', 'format', 'anyOf', 'oneOf', 'not']);
const tellType = (error: ErrorObject): boolean => TYPE_TOLD.has(error.keyword);

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
};

function ruleText({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return `must be ${[params['type']]
        .flat()
        .map((type) => TYPES[String(type)] ?? String(type))
        .join(' or ')}`;
    case 'required':
      return 'is missing';
    case 'dependentRequired':
      return `is missing: it is required together with ${short(String(params['property']))}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return 'is not in the plan';
    case 'propertyNames':
      return 'has a name that the plan does not allow';
    case 'enum':
      return `must be one of ${listText(params['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `must be ${COMPARISONS[String(params['comparison'])]} ${params['limit']}`;
    case 'multipleOf':
      return `must be a multiple of ${params['multipleOf']}`;
    case 'minLength':
      return `must have at least ${count(params['limit'], 'character')}`;
    case 'maxLength':
      return `must have at most ${count(params['limit'], 'character')}`;
    case 'minItems':
      return `must have at least ${count(params['limit'], 'item')}`;
    case 'maxItems':
      return `must have at most ${count(params['limit'], 'item')}`;
    case 'minProperties':
      return `must have at least ${count(params['limit'], 'field')}`;
    case 'maxProperties':
      return `must have at most ${count(params['limit'], 'field')}`;
    case 'pattern':
      return `must match the pattern ${params['pattern']}`;
    case 'format':
      return `must be ${FORMAT_EXAMPLES[String(params['format'])] ?? String(params['format'])}`;
    case 'uniqueItems':
      return 'must not have an item twice';
    case 'anyOf':
      return 'must have one of the forms in the plan';
    case 'oneOf':
      return 'must have exactly one of the forms in the plan';
    case 'not':
      return 'must not have the form that the plan excludes';
    case 'false schema':
      return 'must not be there';
    default:
      return message ?? `breaks the rule ${keyword}`;
  }
}

const count = (limit: unknown, noun: string): string => `${limit} ${noun}${limit === 1 ? '' : 's'}`;

function listText(values: unknown): string {
  const list = Array.isArray(values) ? values : [];
  const shown = list
    .slice(0, MAX_LISTED)
    .map((value) => JSON.stringify(value))
    .join(', ');
  return list.length > MAX_LISTED ? `${shown} and ${list.length - MAX_LISTED} more` : shown;
}
