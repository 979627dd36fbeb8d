import type { Recommendation } from "@deskside/contract";
import { useCatalogue } from "../../app/data/use-library.ts";
import { formatRoute } from "../../app/routes.ts";
import { useText } from "../../i18n/use-text.ts";
import { Badge, Button, ProgressBar } from "../../primitives/index.ts";
import { entryRequest } from "./discover/entry-request.ts";
import { fractionOf, percentWords } from "./downloads/download-words.ts";
import { entryRoute, tabRoute } from "./library-routes.ts";
import { useGetModel } from "./use-get-model.ts";

/** Gets the file that was recommended, shows how far it is, and leads to all files of the model. */
export function GetRecommended({ recommendation, plain = false }: { recommendation: Recommendation; plain?: boolean }) {
  const text = useText();
  const { t, format } = text;
  const getModel = useGetModel();
  const entry = useCatalogue().data?.entries.find(({ id }) => id === recommendation.model);
  const file = entry?.files.find(({ quantization }) => quantization === recommendation.quantization);
  if (!entry || !file) return null;
  const request = entryRequest(file, null);
  const download = getModel.find(request.repo, request.file);
  const name = `${entry.name} ${file.quantization}`;
  if (entry.installed.length > 0) return <Badge tone="ok">{t("library.discover.installed")}</Badge>;
  if (download) {
    return (
      <a className="get-progress link t12" href={formatRoute(tabRoute("downloads"))}>
        {t("library.model.inProgress")} {percentWords(download, text)}
        <ProgressBar value={fractionOf(download)} />
      </a>
    );
  }
  return (
    <span className="get-row">
      <Button
        size="sm"
        icon="download"
        busy={getModel.isAsking(request) && t("library.model.getting")}
        onClick={() => getModel.get(request, name)}
      >
        <span>
          {t("library.model.get")} <span className="sr">{name}</span>{" "}
          {file.sizeBytes !== null && format.fileSize(file.sizeBytes)}
        </span>
      </Button>
      {!plain && (
        <a className="link t12" href={formatRoute(entryRoute(entry.id))}>
          {t("library.model.allFiles")}
        </a>
      )}
    </span>
  );
}
