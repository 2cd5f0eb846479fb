import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api.ts';
import { ErrorState } from './error-state.tsx';
import { NotForRole } from './not-for-role.tsx';

interface Props<T> {
  /** Of one answer, or of pages. */
  readonly query: Pick<UseQueryResult<T>, 'data' | 'isError' | 'error'> & { refetch(): unknown };
  /** Lines of the skeleton while the first answer is on its way. */
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}

/** Loading, failed or there: the same three faces on every page. Old data stays while a refresh fails. */
export function QueryState<T>({ query, lines = 6, children }: Props<T>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
        {children(query.data)}
      </>
    );
  }
  if (query.error instanceof ApiError && query.error.code === 'forbidden') return <NotForRole />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />;
  return (
    <Stack gap={10} p="md" className="pl-panel" aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <Skeleton key={line} height={16} width={`${95 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}
