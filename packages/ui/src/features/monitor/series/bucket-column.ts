/** One kind of reading, bucket by bucket. Buckets that got no value are empty. */
export interface BucketColumn {
  /** `place`: number of the bucket; never smaller than that of the call before. */
  add(place: number, value: number | null): void;
  /** Forgets the first buckets. */
  drop(count: number): void;
  /** One value a bucket when `single`, else two: the least and the greatest, the one that came first first. */
  rows(buckets: number, single: boolean): (number | null)[];
  mean(): number | null;
  sum(): number;
}

interface Bucket {
  least: number;
  greatest: number;
  leastFirst: boolean;
  sum: number;
  count: number;
}

export function createBucketColumn(): BucketColumn {
  const buckets: (Bucket | undefined)[] = [];
  const total = (pick: (bucket: Bucket) => number) =>
    buckets.reduce((sum, bucket) => sum + (bucket ? pick(bucket) : 0), 0);
  return {
    add(place, value) {
      if (value === null) return;
      const bucket = buckets[place];
      if (!bucket) {
        buckets[place] = { least: value, greatest: value, leastFirst: true, sum: value, count: 1 };
        return;
      }
      bucket.sum += value;
      bucket.count++;
      // Whichever was set last came last.
      if (value < bucket.least) {
        bucket.least = value;
        bucket.leastFirst = false;
      } else if (value > bucket.greatest) {
        bucket.greatest = value;
        bucket.leastFirst = true;
      }
    },
    drop: (count) => void buckets.splice(0, count),
    rows(length, single) {
      const rows: (number | null)[] = [];
      for (let place = 0; place < length; place++) {
        const bucket = buckets[place];
        if (single) rows.push(bucket ? bucket.least : null);
        else if (!bucket) rows.push(null, null);
        else if (bucket.leastFirst) rows.push(bucket.least, bucket.greatest);
        else rows.push(bucket.greatest, bucket.least);
      }
      return rows;
    },
    mean() {
      const count = total((bucket) => bucket.count);
      return count === 0 ? null : total((bucket) => bucket.sum) / count;
    },
    sum: () => total((bucket) => bucket.sum),
  };
}
