import { useNavigate, useSearch } from '@tanstack/react-router';

export type AddressPatch = Readonly<Record<string, string | null>>;

/** What the page shows, kept in the address: it can be bookmarked, shared and gone back to. */
export function useAddressState(): [Readonly<Record<string, string>>, (patch: AddressPatch) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, string>>;
  const navigate = useNavigate();
  const patch = (change: AddressPatch) => {
    const next: Record<string, string> = { ...search };
    for (const [key, value] of Object.entries(change)) {
      if (value === null || value === '') delete next[key];
      else next[key] = value;
    }
    void navigate({ to: '.', search: next as never, replace: true });
  };
  return [search, patch];
}
