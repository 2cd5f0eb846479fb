import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Actor } from '../kernel/operation.ts';
import { ANN, BEN, openGovern, ROOT } from './fixture.ts';

const box = (name: string, size: number) => ({ kind: 'box', name, body: { size } });
const bomb = (size: number) => ({ kind: 'bomb', name: 'b', body: { size } });

test('a draft does not reach production; applying it does, and tells the listeners', async () => {
  const { drafts, releases, definitions } = await openGovern();
  const seen: unknown[] = [];
  definitions.onRelease(() => seen.push(definitions.current('box')));
  const draft = await drafts.put(ANN, box('a', 1));
  expect(draft).toMatchObject({ version: 1, status: 'draft', released_version: null, author: 'Ann' });
  expect(definitions.release()).toBe(0);
  const { release, changes } = await releases.apply(BEN, { definitions: [box('a', 1)], message: 'go' });
  expect(release).toMatchObject({
    id: 1,
    author: 'Ben',
    message: 'go',
    changes: [{ name: 'a', change: 'create', to_version: 1 }],
  });
  expect(changes).toMatchObject([{ change: 'create' }]);
  expect(seen).toEqual([[{ ...box('a', 1), version: 1 }]]);
  expect(await drafts.get('box', 'a')).toMatchObject({
    status: 'released',
    released_version: 1,
    author: 'Ann',
  });
});

test('versions count up by name; the same body again is the same version', async () => {
  const { drafts, releases } = await openGovern();
  await drafts.put(ANN, box('a', 1));
  expect((await drafts.put(BEN, { kind: 'box', name: 'a', body: { size: 1 } })).version).toBe(1);
  expect((await drafts.put(BEN, box('a', 2))).versions.map((v) => [v.version, v.author])).toEqual([
    [2, 'Ben'],
    [1, 'Ann'],
  ]);
  await releases.apply(ANN, { definitions: [box('a', 2), box('b', 1)], message: 'go' });
  expect((await drafts.list('box')).map((d) => [d.name, d.version, d.status])).toEqual([
    ['a', 2, 'released'],
    ['b', 1, 'released'],
  ]);
  await releases.apply(ANN, { definitions: [{ kind: 'box', name: 'b', body: null }], message: 'away' });
  expect(await drafts.get('box', 'b')).toMatchObject({ status: 'retired', released_version: null });
});

test('a release holds the whole set, never changes, and the next one builds on it', async () => {
  const { releases } = await openGovern();
  await releases.apply(ANN, { definitions: [box('a', 1), box('b', 1)], message: 'one' });
  await releases.apply(ANN, { definitions: [box('b', 2)], message: 'two' });
  const sizes = async (id: number) => (await releases.get(id)).definitions.map((d) => [d.name, d.body]);
  expect(await sizes(1)).toEqual([
    ['a', { size: 1 }],
    ['b', { size: 1 }],
  ]);
  expect(await sizes(2)).toEqual([
    ['a', { size: 1 }],
    ['b', { size: 2 }],
  ]);
  expect((await releases.list(9)).releases.map((r) => r.message)).toEqual(['two', 'one']);
});

test('a rollback is a new release with the older set, in memory at once, and in the audit', async () => {
  const { releases, definitions, audit } = await openGovern();
  await releases.apply(ANN, { definitions: [box('a', 1)], message: 'one' });
  await releases.apply(ANN, { definitions: [box('a', 2), box('c', 1)], message: 'two' });
  const back = await releases.rollback(BEN, 1);
  expect(back).toMatchObject({ id: 3, rolled_back_from: 2, rolled_back_to: 1, message: 'Back to release 1' });
  expect(back.changes).toEqual([
    { kind: 'box', name: 'a', change: 'update', from_version: 2, to_version: 1 },
    { kind: 'box', name: 'c', change: 'remove', from_version: 1 },
  ]);
  expect(definitions.current('box')).toMatchObject([{ name: 'a', version: 1 }]);
  expect(await audit.list({ limit: 1 })).toMatchObject([
    { action: 'releases.rollback', object: 'releases/3', actor_name: 'Ben' },
  ]);
  await expect(releases.rollback(BEN, 3)).rejects.toMatchObject({ code: 'conflict' });
  await expect(releases.rollback(BEN, 9)).rejects.toMatchObject({ code: 'not_found' });
});

test('pruning removes what is not named, without it nothing is', async () => {
  const { releases, definitions } = await openGovern();
  await releases.apply(ANN, { definitions: [box('a', 1), bomb(1)].slice(0, 1), message: 'one' });
  await releases.apply(ANN, { definitions: [box('b', 1)], message: 'two' });
  expect(definitions.current('box').map((d) => d.name)).toEqual(['a', 'b']);
  const plan = await releases.plan({ definitions: [box('b', 1)], prune: true });
  expect(plan.changes.map((c) => [c.name, c.change])).toEqual([
    ['b', 'none'],
    ['a', 'remove'],
  ]);
  await releases.apply(ANN, { definitions: [box('b', 1)], prune: true, message: 'three' });
  expect(definitions.current('box').map((d) => d.name)).toEqual(['b']);
});

test.each([
  ['an unknown kind', [{ kind: 'moon', name: 'a', body: {} }], 'kind'],
  ['a bad name', [box('Not A Name', 1)], 'name'],
  ['a body that is no object', [{ kind: 'box', name: 'a', body: [1] }], 'body'],
  ['a body that its kind refuses', [{ kind: 'box', name: 'a', body: { size: 'x' } }], 'size'],
  ['one definition twice', [box('a', 1), box('a', 2)], 'name'],
])('%s is a problem in the plan and refused by apply', async (_, wanted, field) => {
  const { releases, definitions } = await openGovern();
  expect((await releases.plan({ definitions: wanted })).problems).toMatchObject([{ field }]);
  await expect(releases.apply(ANN, { definitions: wanted, message: 'x' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  expect(definitions.release()).toBe(0);
});

test('nothing to change makes no release; a release made meanwhile is noticed', async () => {
  const { releases } = await openGovern();
  await expect(releases.apply(ANN, { definitions: [], message: 'x' })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  await releases.apply(ANN, { definitions: [box('a', 1)], message: 'one' });
  expect((await releases.apply(BEN, { definitions: [box('a', 1)], message: 'two' })).release.id).toBe(1);
  const late = releases.apply(BEN, { definitions: [box('a', 2)], message: 'x', expected: 0 });
  await expect(late).rejects.toMatchObject({ code: 'conflict' });
});

test('a kind of high risk is released only as somebody else approved it, and an edit resets that', async () => {
  const { drafts, releases, definitions } = await openGovern();
  const apply = (size: number) => releases.apply(ANN, { definitions: [bomb(size)], message: 'go' });
  const decide = (actor: Actor, decision: 'request' | 'approve' | 'reject', version: number) =>
    drafts.review(actor, { kind: 'bomb', name: 'b', decision, version });
  await expect(apply(1)).rejects.toMatchObject({ code: 'not_ready', details: { rule: 'approval' } });
  await expect(drafts.get('bomb', 'b')).rejects.toMatchObject({ code: 'not_found' });

  await drafts.put(ANN, bomb(1));
  await expect(decide(BEN, 'approve', 1)).rejects.toMatchObject({ code: 'not_ready' });
  expect(await decide(ANN, 'request', 1)).toMatchObject({ status: 'in_review' });
  await expect(decide(ANN, 'approve', 1)).rejects.toMatchObject({
    details: { rule: 'author_is_not_approver' },
  });
  expect(await decide(BEN, 'approve', 1)).toMatchObject({ review: { state: 'approved', by: 'Ben' } });
  await expect(apply(2)).rejects.toMatchObject({ code: 'not_ready' });
  await drafts.put(ANN, bomb(2));
  await expect(apply(2)).rejects.toMatchObject({ code: 'not_ready' });
  await expect(decide(BEN, 'approve', 1)).rejects.toMatchObject({ code: 'conflict' });
  await decide(ANN, 'request', 2);
  await decide(BEN, 'reject', 2);
  await expect(apply(2)).rejects.toMatchObject({ code: 'not_ready' });
  await decide(ANN, 'request', 2);
  await decide(BEN, 'approve', 2);
  expect((await apply(2)).release.id).toBe(1);
  expect(definitions.current('bomb')).toMatchObject([{ version: 2 }]);
});

test('with approvals required every change needs one, also a removal', async () => {
  const { drafts, releases, definitions } = await openGovern({ require_approval: true });
  const approve = async (wanted: ReturnType<typeof box> | { kind: string; name: string; body: null }) => {
    const { version, kind, name } = await drafts.put(ANN, wanted);
    await drafts.review(ANN, { kind, name, version, decision: 'request' });
    await drafts.review(BEN, { kind, name, version, decision: 'approve' });
  };
  const gone = { kind: 'box', name: 'a', body: null };
  await approve(box('a', 1));
  await releases.apply(ANN, { definitions: [box('a', 1)], message: 'one' });
  await expect(releases.apply(ANN, { definitions: [], prune: true, message: 'x' })).rejects.toMatchObject({
    code: 'not_ready',
  });
  await approve(gone);
  await releases.apply(ANN, { definitions: [], prune: true, message: 'two' });
  expect(definitions.current('box')).toEqual([]);
  expect(await drafts.get('box', 'a')).toMatchObject({ status: 'retired', version: 2 });
});

test('a token answers for its owner: the owner cannot approve what the token wrote, and no token approves', async () => {
  const { drafts, stage, authenticate, users } = await openGovern();
  const owner = await users.create(ROOT, {
    name: 'Olga',
    roles: ['admin'],
    password: 'correct horse battery',
  });
  const olga: Actor = { id: owner.id, name: owner.name, kind: 'user', roles: owner.roles };
  const create = stage.operations.find((o) => o.name === 'tokens.create');
  const made = await create?.handle({ name: 'ci', roles: ['editor'] }, { actor: olga, request_id: 'r' });
  const token = await authenticate({ bearer: (made as { secret: string }).secret, loopback: false });
  if (token === null) throw new Error('the token must work');
  await drafts.put(token, bomb(1));
  await drafts.review(token, { kind: 'bomb', name: 'b', version: 1, decision: 'request' });
  const approve = (actor: Actor) =>
    drafts.review(actor, { kind: 'bomb', name: 'b', version: 1, decision: 'approve' });
  await expect(approve(olga)).rejects.toMatchObject({ details: { rule: 'author_is_not_approver' } });
  await expect(approve(token)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await approve(BEN)).toMatchObject({ review: { state: 'approved' } });
});

test('a listener that fails does not keep the others on the old release', async () => {
  const { releases, definitions } = await openGovern();
  let told = 0;
  definitions.onRelease(() => {
    throw new Error('bug');
  });
  definitions.onRelease(() => {
    told += 1;
  });
  await releases.apply(ANN, { definitions: [box('a', 1)], message: 'one' });
  expect([told, definitions.release()]).toEqual([1, 1]);
});

test('law: after any history, rolling back to a release gives exactly its set', async () => {
  const change = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    size: fc.option(fc.integer({ min: 0, max: 3 })),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      async (steps) => {
        const { releases, definitions, control } = await openGovern();
        const sets = new Map<number, string>();
        for (const step of steps) {
          const wanted = new Map(
            step.map(({ name, size }) => [
              name,
              { kind: 'box', name, body: size === null ? null : { size } },
            ]),
          );
          const done = releases.apply(ANN, { definitions: [...wanted.values()], message: 'm' });
          const { release } = await done.catch(() => ({ release: { id: 0 } }));
          sets.set(release.id, JSON.stringify(definitions.current('box')));
        }
        for (const [id, set] of [...sets].filter(([id]) => id > 0 && id !== definitions.release())) {
          await releases.rollback(BEN, id);
          expect(JSON.stringify(definitions.current('box'))).toBe(set);
        }
        await control.ping();
      },
    ),
    { numRuns: 12 },
  );
});
