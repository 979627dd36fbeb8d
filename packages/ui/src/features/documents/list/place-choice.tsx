import type { Collection } from "@deskside/contract";
import { useId } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { Segmented } from "../../../primitives/index.ts";

type Place = Collection["place"];

/** Where a new collection keeps its texts, and who can read them there. */
export function PlaceChoice(props: { host: string; value: Place; onChange: (place: Place) => void }) {
  const { host, value, onChange } = props;
  const { t } = useText();
  const hintId = useId();
  return (
    <div className="col g4">
      <span className="label">{t("knowledge.server.place")}</span>
      <Segmented<Place>
        label={t("knowledge.server.place")}
        describedBy={hintId}
        value={value}
        options={(["here", "server"] as const).map((place) => ({
          value: place,
          label: t(`knowledge.server.places.${place}`),
        }))}
        onChange={onChange}
      />
      <p className="t12 ink3" id={hintId}>
        {t(`knowledge.server.placeHints.${value}`, { host })}
      </p>
    </div>
  );
}
