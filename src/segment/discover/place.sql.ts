import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import type { Scaling } from '../../stats/scaling.ts';
import type { Model, Preparation } from './model.ts';
import { rfmClusters } from './rfm.sql.ts';

/** `person, cluster Int32` from `person, values`, by the nearest centre or by RFM. */
export function placed(features: Sql, model: Extract<Model, { method: 'rfm' | 'kmeans' }>): Sql {
  if (model.method === 'rfm') return rfmClusters(features, model.cuts, model.segments);
  const centers = join(
    model.centers.map((center) => sql`${param(center, 'Array(Float64)')}`),
    ', ',
  );
  return sql`
  SELECT person, toInt32(indexOf(away, arrayMin(away)) - 1) AS cluster
  FROM (
    SELECT person, arrayMap(center -> L2SquaredDistance(place, center), [${centers}]) AS away
    FROM (SELECT person, [${join(coordinates(model.preparation), ', ')}] AS place FROM (${features}))
  )`;
}

/** `prepare` of model.ts, one expression a feature. */
function coordinates({ fill, log, scaling }: Preparation): Sql[] {
  return fill.map((missing, i) => {
    const value = sql`ifNull(\`values\`[${i + 1}], ${param(missing, 'Float64')})`;
    const tamed = log[i] === true ? sql`sign(${value}) * log1p(abs(${value}))` : value;
    return scaled(tamed, scaling, i);
  });
}

function scaled(value: Sql, scaling: Scaling, i: number): Sql {
  if (scaling.kind === 'affine') {
    const [center, scale] = [scaling.center[i] ?? 0, scaling.scale[i] ?? 1];
    return sql`(${value} - ${param(center, 'Float64')}) / ${param(scale, 'Float64')}`;
  }
  const grid = scaling.grids[i] ?? [];
  const list = param(grid, 'Array(Float64)');
  return sql`(arrayCount(at -> at < ${value}, ${list}) + arrayCount(at -> at <= ${value}, ${list})) / ${2 * grid.length}`;
}
