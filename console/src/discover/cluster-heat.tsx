import type { SegmentationRun } from '../api/segmentations.ts';
import { HeatMap } from '../elements/heat-map.tsx';
import { formatRate } from '../elements/number-format.ts';

/** Mean of each feature in each segment, coloured by how far it is from everybody's. */
export function ClusterHeat({ run }: { readonly run: SegmentationRun }) {
  const features = run.features;
  return (
    <HeatMap
      label="What sets the segments apart"
      corner="Segment"
      columns={features.map((feature) => feature.name.replaceAll('_', ' '))}
      rows={[
        {
          name: 'Everybody',
          cells: features.map((feature) => ({
            heat: null,
            text: formatRate(feature.mean),
            title: feature.words,
          })),
        },
        ...run.clusters.map((cluster) => ({
          name: cluster.title,
          cells: features.map((feature) => {
            const trait = cluster.traits.find((each) => each.feature === feature.name);
            return trait === undefined
              ? { heat: null, text: '≈', title: `Near everybody’s ${feature.words}` }
              : { heat: trait.difference / 2, text: formatRate(trait.mean), title: trait.words };
          }),
        })),
      ]}
    />
  );
}
