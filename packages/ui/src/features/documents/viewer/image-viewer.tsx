import { useEffect, useState } from "react";
import { PageMarks } from "./page-marks.tsx";
import type { MarkedPlaces } from "./passage-places.ts";

/** A picture whose text was read, the region marked. */
export function ImageViewer(props: {
  bytes: Uint8Array;
  name: string;
  places: MarkedPlaces;
  mark: number | undefined;
}) {
  const { bytes, name, places, mark } = props;
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes.slice()]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return (
    <div className="scroll doc-pages">
      <div className="doc-page doc-image">
        {url !== null && <img src={url} alt={name} />}
        <PageMarks boxes={places.pages.get(1) ?? []} mark={mark} focus />
      </div>
    </div>
  );
}
