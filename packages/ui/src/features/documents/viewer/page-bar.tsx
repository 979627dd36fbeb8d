import type { ReactNode } from "react";
import { useText } from "../../../i18n/use-text.ts";
import { IconButton } from "../../../primitives/index.ts";

export interface PageBarProps {
  page: number;
  pages: number;
  zoom: number;
  onPage: (page: number) => void;
  onZoom: (zoom: number) => void;
  /** At the end of the bar. */
  tools?: ReactNode;
}

const zoomStep = 0.1;

export function PageBar({ page, pages, zoom, onPage, onZoom, tools }: PageBarProps) {
  const { t, format } = useText();
  const go = (next: number) => onPage(Math.min(Math.max(1, next), Math.max(1, pages)));
  return (
    <div className="doc-bar row g4">
      <IconButton
        icon="chevron-left"
        label={t("knowledge.viewer.previous")}
        disabled={page <= 1}
        onClick={() => go(page - 1)}
      />
      <label className="row g4">
        <span className="sr">{t("knowledge.viewer.pageField")}</span>
        <span className="field doc-page-field">
          <input
            inputMode="numeric"
            value={page}
            onChange={(event) => {
              const next = Number(event.target.value);
              if (Number.isInteger(next) && next > 0) go(next);
            }}
          />
        </span>
        <span className="ink3">/ {format.integer(pages)}</span>
      </label>
      <IconButton
        icon="chevron-right"
        label={t("knowledge.viewer.next")}
        disabled={page >= pages}
        onClick={() => go(page + 1)}
      />
      <span className="doc-bar-line" />
      <IconButton
        icon="minus"
        label={t("knowledge.viewer.smaller")}
        disabled={zoom <= 0.5}
        onClick={() => onZoom(zoom - zoomStep)}
      />
      <span className="t12 ink2 num">{format.percent(zoom)}</span>
      <IconButton
        icon="plus"
        label={t("knowledge.viewer.larger")}
        disabled={zoom >= 3}
        onClick={() => onZoom(zoom + zoomStep)}
      />
      <span className="grow" />
      {tools}
    </div>
  );
}
