import type { Profile } from '../api/profiles.ts';

export function IdentityTab({ profile }: { readonly profile: Profile }) {
  return <>{profile.person}</>;
}
