import { Group, Text } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

interface Props {
  readonly label: string;
  readonly value: unknown;
  /** Path to point out, as in `properties.price` or `properties.products[0].price`. */
  readonly marked?: string;
  /** Where `value` stands in the whole: `properties`. */
  readonly at?: string;
}

/** Any JSON, folded below the third level, with a button that copies it. */
export function JsonTree({ label, value, marked = '', at = '' }: Props) {
  return (
    <div>
      <Group justify="space-between" mb={2} gap="xs">
        <Text size="xs" fw={600} c="dimmed">
          {label}
        </Text>
        <CopyButton text={JSON.stringify(value, null, 2)} label={label} />
      </Group>
      <div className="pl-tree">
        <Branch value={value} path={at} depth={0} marked={normalise(marked)} />
      </div>
    </div>
  );
}

/** `products[0].price` and `products[*].price` as dotted steps; `*` stands for every item. */
function normalise(path: string): string {
  return path.replaceAll(/\[(\d+|\*)\]/g, '.$1');
}

/** True when the first steps of `marked` lead to `path`. */
function leadsTo(marked: string, path: string): boolean {
  const wanted = marked.split('.');
  const steps = path.split('.');
  return (
    steps.length <= wanted.length &&
    steps.every((step, index) => wanted[index] === step || wanted[index] === '*')
  );
}

function isMarked(marked: string, path: string): boolean {
  return marked !== '' && path.split('.').length === marked.split('.').length && leadsTo(marked, path);
}

interface BranchProps {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
  readonly marked: string;
}

function Branch({ value, path, depth, marked }: BranchProps) {
  if (typeof value !== 'object' || value === null) return <Leaf value={value} />;
  const entries = Object.entries(value);
  if (entries.length === 0) return <span>{Array.isArray(value) ? '[ ]' : '{ }'}</span>;
  return (
    <ul>
      {entries.map(([key, child]) => (
        <Entry key={key} name={key} value={child} path={join(path, key)} depth={depth} marked={marked} />
      ))}
      {marked !== '' &&
        (parentOf(marked) === path || isMarked(parentOf(marked), path)) &&
        !(lastOf(marked) in value) && (
          <li>
            <span className="pl-tree-marked">
              <span className="pl-tree-key">{lastOf(marked)}</span>: missing
            </span>
          </li>
        )}
    </ul>
  );
}

function Entry({ name, value, path, depth, marked }: BranchProps & { readonly name: string }) {
  const is_marked = isMarked(marked, path);
  const key = <span className="pl-tree-key">{name}</span>;
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return (
      <li>
        <span className={is_marked ? 'pl-tree-marked' : undefined}>
          {key}: <Branch value={value} path={path} depth={depth + 1} marked={marked} />
        </span>
      </li>
    );
  }
  const open = depth < 2 || (marked !== '' && leadsTo(marked, path));
  return (
    <li>
      <details open={open}>
        <summary className={is_marked ? 'pl-tree-marked' : undefined}>
          {key} <span>{Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`}</span>
        </summary>
        <Branch value={value} path={path} depth={depth + 1} marked={marked} />
      </details>
    </li>
  );
}

function Leaf({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') return <span className="pl-tree-string">{JSON.stringify(value)}</span>;
  if (typeof value === 'number') return <span className="pl-tree-number">{String(value)}</span>;
  return <span className="pl-tree-other">{String(value)}</span>;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function parentOf(path: string): string {
  return path.split('.').slice(0, -1).join('.');
}

function lastOf(path: string): string {
  return path.split('.').at(-1) ?? '';
}
