import { useNavigate, useSearch } from '@tanstack/react-router';

type Address = Readonly<Record<string, string>>;
export type AddressPatch = Readonly<Record<string, string | null>>;

/** What the page shows, kept in the address: it can be bookmarked, shared and gone back to. */
export function useAddressState(): [Address, (patch: AddressPatch) => void] {
  const search = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  // On the address as it is by then: what was chosen while an answer was on its way stays chosen.
  const patch = (change: AddressPatch) =>
    void navigate({ to: '.', search: ((now: Address) => patched(now, change)) as never, replace: true });
  return [search, patch];
}

function patched(address: Address, change: AddressPatch): Address {
  const next: Record<string, string> = { ...address };
  for (const [key, value] of Object.entries(change)) {
    if (value === null || value === '') delete next[key];
    else next[key] = value;
  }
  return next;
}
