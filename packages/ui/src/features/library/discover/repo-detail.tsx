import type { HubModelFile, HubRepository } from "@deskside/contract";
import { useState } from "react";
import { useNavigationStore } from "../../../app/client-context.tsx";
import { useHubRepository, useRemoteFacts } from "../../../app/data/use-library.ts";
import { unknown } from "../../../format/formats.ts";
import { describeError, toErrorData } from "../../../i18n/describe-error.ts";
import { useText } from "../../../i18n/use-text.ts";
import { Badge, Banner, Button } from "../../../primitives/index.ts";
import { EmptyView } from "../../frame/empty-view.tsx";
import { FactsPanel } from "../facts-panel.tsx";
import { repoRoute } from "../library-routes.ts";
import { useGetModel } from "../use-get-model.ts";
import { hostOf } from "./hub-hits.tsx";

/** A repository on a hub, asked over the network when it is opened. */
export function RepoDetail({ repo }: { repo: string }) {
  const text = useText();
  const { t } = text;
  const { data, error, pending, retry } = useHubRepository(repo, null);
  const words = error === null ? null : describeError(toErrorData(error), text);
  return (
    <>
      <div className="head">
        <h1 className="clip">{repo}</h1>
        {data?.gated === true && <Badge tone="warn">{t("library.hub.gated")}</Badge>}
        {data && <Badge outline>{hostOf(data.hub)}</Badge>}
      </div>
      <div className="scroll" aria-busy={pending}>
        <div className="lbody">
          {pending && data === null && (
            <p className="ink3" role="status">
              {t("library.hub.reading")}
            </p>
          )}
          {words !== null && !pending && (
            <Banner
              tone="danger"
              title={words.title}
              actions={
                <Button size="sm" onClick={retry}>
                  {t("library.downloads.retry")}
                </Button>
              }
            >
              {words.body}
            </Banner>
          )}
          {data && <Repository repository={data} />}
        </div>
      </div>
    </>
  );
}

function Repository({ repository }: { repository: HubRepository }) {
  const { t } = useText();
  const { files, gated, licence, revision } = repository;
  const [opened, setOpened] = useState<string | null>(null);
  if (files.length === 0) return <NoGguf {...repository} />;
  return (
    <>
      <dl className="lib-facts">
        <div>
          <dt className="label">{t("library.model.licence")}</dt>
          <dd className="med">{licence ?? unknown}</dd>
        </div>
        <div>
          <dt className="label">{t("library.hub.revision")}</dt>
          <dd className="mono">{revision.slice(0, 12)}</dd>
        </div>
      </dl>
      {gated && (
        <Banner tone="warn" title={t("library.hub.gated")}>
          {t("library.hub.gatedBody")}
        </Banner>
      )}
      <div className="table-wrap">
        <table className="tb edge quant">
          <thead>
            <tr>
              <th>{t("library.model.quantization")}</th>
              <th>{t("library.model.file")}</th>
              <th className="r">{t("shell.library.size")}</th>
              <th className="hide-sm">{t("library.hub.hash")}</th>
              <th>
                <span className="sr">{t("library.model.get")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <RepoFileRow
                key={file.path}
                {...{ file, repository }}
                opened={opened === file.path}
                onOpen={() => setOpened(opened === file.path ? null : file.path)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="help">{t("library.hub.factsHint")}</p>
    </>
  );
}

function NoGguf({ otherFormats, nearest }: HubRepository) {
  const { t } = useText();
  const formats = otherFormats.join(t("common.listComma"));
  const body = formats === "" ? t("library.hub.noGgufNothing") : t("library.hub.noGgufBody", { formats });
  return (
    <>
      <EmptyView icon="library" title={t("library.hub.noGguf")} body={body} />
      {nearest && <Nearest {...nearest} />}
    </>
  );
}

/** The way from a format that does not run here to one that does. */
function Nearest({ format, quantization, repo }: NonNullable<HubRepository["nearest"]>) {
  const { t } = useText();
  const { open } = useNavigationStore((state) => state.actions);
  if (repo === null) return <Banner tone="info">{t("library.hub.nearestNone", { format, quantization })}</Banner>;
  return (
    <Banner
      tone="info"
      title={t("library.hub.nearest", { repo })}
      actions={
        <Button size="sm" onClick={() => open(repoRoute(repo))}>
          {t("library.hub.nearestOpen")}
        </Button>
      }
    >
      {t("library.hub.nearestBody", { format, quantization })}
    </Banner>
  );
}

interface RepoFileRowProps {
  repository: HubRepository;
  file: HubModelFile;
  opened: boolean;
  onOpen: () => void;
}

function RepoFileRow({ repository, file, opened, onOpen }: RepoFileRowProps) {
  const { t, format } = useText();
  const getModel = useGetModel();
  const { repo, revision } = repository;
  const { hub } = repository;
  const request = { repo, revision, hub, file: file.path };
  const hash = file.parts[0]?.sha256 ?? null;
  const running = getModel.find(repo, file.path) !== null;
  return (
    <>
      <tr>
        <td className="mono">{file.quantization ?? unknown}</td>
        <td className="lib-path" title={file.path}>
          {file.path}
          {file.parts.length > 1 && (
            <div className="t11 ink3">{t("library.model.parts", { count: file.parts.length })}</div>
          )}
        </td>
        <td className="r nowrap" title={format.exactBytes(file.sizeBytes)}>
          {format.fileSize(file.sizeBytes)}
        </td>
        <td className="mono ink3 hide-sm" title={hash ?? t("library.hub.noHash")}>
          {hash?.slice(0, 12) ?? unknown}
        </td>
        <td className="r nowrap">
          <Button size="sm" variant="quiet" aria-expanded={opened} onClick={onOpen}>
            {t("library.hub.facts")}
          </Button>{" "}
          <Button
            size="sm"
            aria-label={t("library.model.getName", { name: file.path })}
            disabled={repository.gated || running}
            busy={getModel.isAsking(request) && t("library.model.getting")}
            onClick={() => getModel.get(request, file.path)}
          >
            {t(running ? "library.model.inProgress" : "library.model.get")}
          </Button>
        </td>
      </tr>
      {opened && (
        <tr>
          <td colSpan={5}>
            <RemoteFacts {...{ repo, hub }} file={file.path} />
          </td>
        </tr>
      )}
    </>
  );
}

function RemoteFacts(props: { repo: string; file: string; hub: string | null }) {
  const text = useText();
  const { data, error } = useRemoteFacts(props);
  if (data) return <FactsPanel facts={data} />;
  if (error === null) return <p className="ink3">{text.t("library.facts.reading")}</p>;
  const { title, body } = describeError(toErrorData(error), text);
  return (
    <Banner tone="danger" title={title}>
      {body}
    </Banner>
  );
}
