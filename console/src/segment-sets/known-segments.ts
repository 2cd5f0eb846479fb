import { useCatalogue } from '../api/segment-rules.ts';
import { useDiscoveredSegments } from '../api/segmentations.ts';

/** Every segment there is, written as a rule or found, with what people call it. */
export function useKnownSegments(): readonly { readonly name: string; readonly label: string }[] {
  const ruled = useCatalogue().data?.segments ?? [];
  return [...ruled, ...useDiscoveredSegments()];
}
