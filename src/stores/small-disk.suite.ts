import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of a few megabytes, to be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes `bytes` of the disk away. */
  fill(bytes: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  remove(): void;
}

/** A file system in memory; undefined, with the reason printed, where this process may not mount one. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (mount.status !== 0) {
    rmSync(folder, { recursive: true });
    console.log(`a full disk cannot be tried here: ${mount.error?.message ?? mount.stderr.trim()}`);
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: (bytes) => writeFileSync(ballast, Buffer.alloc(bytes)),
    free: () => rmSync(ballast),
    remove: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
